using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <content>How an operation is done: the book's lock, the stamp, the changes it tells of.</content>
public sealed partial class SimulatedMarket
{
    private const int WalkDecimals = 6;
    private const decimal LowestWalk = 0.01m;
    private const decimal HighestWalk = 100_000_000;

    private static decimal AboveZero(decimal price) =>
        price > 0 ? price : throw new ArgumentOutOfRangeException(nameof(price), price, "A price is above 0.");

    private T Change<T>(Book book, Func<T> operation)
    {
        T result;
        lock (book.Gate)
        {
            result = operation();
            Tell(book);
        }

        _outbox.Deliver();
        return result;
    }

    /// <summary>Under the book's lock, so that reports of one order are queued in the order of its changes.</summary>
    private void Tell(Book book)
    {
        var now = _time.GetUtcNow();
        foreach (var order in book.Touched)
        {
            order.Touched = false;
            order.UpdatedAt = now;
            if (_outbox.HasObservers)
            {
                _outbox.Put(View(order).ToReport());
            }
        }

        book.Touched.Clear();
    }

    private (SimulatedOrderView? Order, SimulatedRefusal? Refusal) CancelFound(
        SimulatedOrder? order, string venueOrderId, Action<SimulatedOrder> change)
    {
        if (order is null)
        {
            return (null, SimulatedRefusal.NotFound(venueOrderId));
        }

        return Change<(SimulatedOrderView?, SimulatedRefusal?)>(order.Book, () =>
        {
            if (!order.Status.IsOpen())
            {
                return (null, SimulatedRefusal.NotCancelable(order.Status));
            }

            if (_refusesCancels && ClosedFor(order))
            {
                return (null, SimulatedRefusal.MarketClosed);
            }

            change(order);
            order.UpdatedAt = _time.GetUtcNow();
            return (View(order), null);
        });
    }

    private (SimulatedOrderView? Order, SimulatedRefusal? Refusal) ReplaceLocked(SimulatedOrder old, SimulatedReplacement changes)
    {
        if (!old.Status.IsOpen() || old.Status == SimulatedStatus.PendingCancel)
        {
            return (null, SimulatedRefusal.NotCancelable(old.Status));
        }

        var request = Changed(old, changes);
        if (RequestCheck.Check(request) is { } wrong)
        {
            return (null, wrong);
        }

        if (request.Quantity <= old.Filled)
        {
            return (null, SimulatedRefusal.Invalid("qty must be above what has been filled"));
        }

        var order = new SimulatedOrder(request, old.Account, old.Book) { Filled = old.Filled, FilledValue = old.FilledValue };
        if (!old.Account.TryReserve(order))
        {
            return (null, SimulatedRefusal.Duplicate);
        }

        _matching.End(old, SimulatedStatus.Replaced, "replaced");
        Enter(order);
        (old.ReplacedBy, order.Replaces) = (order.Sequence, old.Sequence);
        (order.Triggered, order.Status) = (old.Triggered, old.Filled > 0 ? SimulatedStatus.PartiallyFilled : SimulatedStatus.New);
        Arrive(order);
        return (View(order), null);
    }

    private SimulatedOrderRequest Changed(SimulatedOrder old, SimulatedReplacement changes)
    {
        var request = old.Request;
        var trigger = request.Trigger is not { } terms ? changes.StopPrice is { } added ? new TriggerTerms(added) : null : terms with
        {
            StopPrice = changes.StopPrice ?? terms.StopPrice,
            TrailPrice = terms.TrailPrice is null ? null : changes.Trail ?? terms.TrailPrice,
            TrailPercent = terms.TrailPercent is null ? null : changes.Trail ?? terms.TrailPercent,
        };
        return request with
        {
            ClientOrderId = changes.ClientOrderId ?? _ids.Of(-Interlocked.Increment(ref _lastRank)).ToString(),
            Quantity = changes.Quantity ?? request.Quantity,
            LimitPrice = changes.LimitPrice ?? request.LimitPrice,
            Trigger = trigger,
            TimeInForce = changes.TimeInForce ?? request.TimeInForce,
        };
    }

    private void Enter(SimulatedOrder order)
    {
        order.Status = SimulatedStatus.New;
        order.Account.Enter(order, Stamp);
        _orders[order.Sequence] = order;
    }

    /// <summary>A number and a time for each order; times differ, so that a list can be paged by them.</summary>
    private void Stamp(SimulatedOrder order)
    {
        lock (_stampGate)
        {
            var now = _time.GetUtcNow();
            _lastSubmittedAt = now > _lastSubmittedAt ? now : _lastSubmittedAt.AddTicks(1);
            order.Sequence = ++_lastSequence;
            order.SubmittedAt = order.UpdatedAt = _lastSubmittedAt;
        }
    }

    private decimal NextPrice(decimal last)
    {
        if (_options.WalkPercent == 0)
        {
            return last;
        }

        var step = _options.WalkPercent / 100 * (decimal)((_random.NextDouble() * 2) - 1);
        return Math.Clamp(Math.Round(last * (1 + step), WalkDecimals), LowestWalk, HighestWalk);
    }

    private void ExpireDayOrders(Book book, DateOnly today)
    {
        foreach (var order in book.All.Where(order => IsOver(order, today)).ToArray())
        {
            _matching.End(order, SimulatedStatus.Expired, "the trading day is over");
        }
    }

    private static bool IsOver(SimulatedOrder order, DateOnly today) =>
        order.Request.TimeInForce == TimeInForce.Day && DateOnly.FromDateTime(order.SubmittedAt.UtcDateTime) < today;

    private void OnEnded(SimulatedOrder order)
    {
        order.Account.Leave(order);
        _ended.Enqueue(order);
        if (Interlocked.Increment(ref _endedCount) > _options.EndedOrdersKept && _ended.TryDequeue(out var oldest))
        {
            Interlocked.Decrement(ref _endedCount);
            oldest.Account.Forget(oldest);
            _ = _orders.TryRemove(oldest.Sequence, out _);
        }
    }

    private SimulatedOrder? Lookup(AccountId account, string venueOrderId) =>
        _ids.Sequence(venueOrderId) is { } sequence
        && _orders.TryGetValue(sequence, out var order)
        && order.Request.Account == account
            ? order
            : null;

    private SimulatedAccount AccountOf(AccountId id) =>
        _accounts.GetOrAdd(id, static (key, market) => new(key, market._options.StartCash, market._time.GetUtcNow()), this);

    private Book BookOf(Symbol symbol) =>
        _books.GetOrAdd(
            symbol,
            static (key, market) => new(key, market._startPrices.GetValueOrDefault(key, market._options.StartPrice)),
            this);

    private SimulatedOrderView View(SimulatedOrder order) => SimulatedOrderView.Of(order, _ids);
}
