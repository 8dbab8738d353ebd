using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <content>The market's hours. While it is closed orders rest and nothing trades; pairs of currencies trade around the clock.</content>
public sealed partial class SimulatedMarket
{
    private DateTimeOffset? _closedUntil;
    private bool _refusesCancels;

    /// <summary>Its clock and hours. An open market's days end at midnight UTC.</summary>
    public MarketClock Clock
    {
        get
        {
            var now = _time.GetUtcNow();
            lock (_stampGate)
            {
                return _closedUntil is { } until
                    ? new(now, IsOpen: false, until)
                    : new(now, IsOpen: true, new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));
            }
        }
    }

    /// <summary>Closes the market until a time, at which it opens by itself with the next tick.</summary>
    /// <param name="nextOpen">When it opens.</param>
    /// <param name="refuseCancels">Whether cancels are refused; otherwise they are taken and pending until it opens.</param>
    public void Close(DateTimeOffset nextOpen, bool refuseCancels)
    {
        lock (_stampGate)
        {
            (_closedUntil, _refusesCancels) = (nextOpen, refuseCancels);
        }
    }

    /// <summary>Opens the market: pending cancels take effect first, then what rests meets the price.</summary>
    public void Open()
    {
        lock (_stampGate)
        {
            _closedUntil = null;
        }

        foreach (var book in _books.Values.OrderBy(book => book.Symbol.Value, StringComparer.Ordinal))
        {
            Change(book, () =>
            {
                foreach (var order in book.All.Where(order => order.Status == SimulatedStatus.PendingCancel).ToArray())
                {
                    _matching.End(order, SimulatedStatus.Canceled, "cancelled");
                }

                _matching.Reopen(book);
                return book.Last;
            });
        }
    }

    private bool IsClosed
    {
        get
        {
            lock (_stampGate)
            {
                return _closedUntil is not null;
            }
        }
    }

    private bool ClosedFor(SimulatedOrder order) => order.Book.Symbol.Pair is null && IsClosed;

    private void OpenWhenDue()
    {
        bool due;
        lock (_stampGate)
        {
            due = _closedUntil <= _time.GetUtcNow();
        }

        if (due)
        {
            Open();
        }
    }

    private void Arrive(SimulatedOrder order)
    {
        if (ClosedFor(order))
        {
            _matching.Queue(order);
        }
        else
        {
            _matching.Arrive(order);
        }
    }

    private void Move(Book book, decimal price)
    {
        if (book.Symbol.Pair is null && IsClosed)
        {
            book.MoveTo(price);
        }
        else
        {
            _matching.Move(book, price);
        }
    }

    private SimulatedRefusal? RefusedByHours(SimulatedOrderRequest request) =>
        request.Symbol.Pair is null && request.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok && IsClosed
            ? SimulatedRefusal.MarketClosed
            : null;
}
