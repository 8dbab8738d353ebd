using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>A market of its own: an order book per symbol, positions and cash per account.</summary>
/// <remarks>
/// Safe for concurrent use; each operation is atomic for its symbol. The same seed, times and calls give the same
/// market. It has no faults and no delays: <see cref="SimulatedLink"/> adds them.
/// </remarks>
public sealed partial class SimulatedMarket
{
    private readonly SimulatedOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly VenueIds _ids;
    private readonly Matching _matching;
    private readonly Dictionary<Symbol, decimal> _startPrices;
    private readonly ConcurrentDictionary<Symbol, Book> _books = new();
    private readonly ConcurrentDictionary<AccountId, SimulatedAccount> _accounts = new();
    private readonly ConcurrentDictionary<long, SimulatedOrder> _orders = new();
    private readonly ConcurrentQueue<SimulatedOrder> _ended = new();
    private readonly Lock _stampGate = new();
    private readonly Lock _tickGate = new();
    private readonly UpdateOutbox _outbox;
    private long _lastSequence;
    private DateTimeOffset _lastSubmittedAt;
    private DateOnly _day;
    private long _lastRank;
    private int _endedCount;

    /// <summary>A market without orders.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="faults">While they say that the link is down or silent, observers hear nothing.</param>
    /// <exception cref="ArgumentException">A start price is of no symbol, or not above 0.</exception>
    public SimulatedMarket(SimulatedOptions options, TimeProvider time, SimulatedFaults faults)
    {
        _options = options;
        _time = time;
        _random = new Random(faults.Seed);
        _ids = new VenueIds(_random);
        _matching = new Matching(options.MakerQuantity ?? decimal.MaxValue, OnEnded, () => Interlocked.Increment(ref _lastRank));
        _startPrices = options.StartPrices.ToDictionary(pair => Symbol.Parse(pair.Key), pair => AboveZero(pair.Value));
        _outbox = new UpdateOutbox(() => faults.Current is { OnlyAccount: null } now && (now.Down || now.Silent));
        _day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        faults.Changed += (_, _) => _outbox.Deliver();
    }

    /// <summary>Takes an order in without showing it to anybody: its client order id is taken from now on.</summary>
    /// <returns>Its receipt, or why it is refused.</returns>
    public (SimulatedReceipt? Receipt, SimulatedRefusal? Refusal) Receive(SimulatedOrderRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (RequestCheck.Check(request) is { } wrong)
        {
            return (null, wrong);
        }

        if (RefusedByHours(request) is { } closed)
        {
            return (null, closed);
        }

        var account = AccountOf(request.Account);
        var order = new SimulatedOrder(request, account, BookOf(request.Symbol));
        return account.TryReserve(order) ? (new SimulatedReceipt(order), null) : (null, SimulatedRefusal.Duplicate);
    }

    /// <summary>Puts a received order to work.</summary>
    public SimulatedOrderView Accept(SimulatedReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var order = receipt.Order;
        return Change(order.Book, () =>
        {
            Enter(order);
            Arrive(order);
            return View(order);
        });
    }

    /// <summary>Takes an order in and puts it to work.</summary>
    /// <returns>The order as it came out, perhaps filled already, or why it is refused.</returns>
    public (SimulatedOrderView? Order, SimulatedRefusal? Refusal) Place(SimulatedOrderRequest request)
    {
        var (receipt, refusal) = Receive(request);
        return receipt is null ? (null, refusal) : (Accept(receipt), null);
    }

    /// <summary>Ends an order.</summary>
    /// <returns>The order after it, or why it cannot be cancelled.</returns>
    public (SimulatedOrderView? Order, SimulatedRefusal? Refusal) Cancel(AccountId account, string venueOrderId) =>
        CancelFound(Lookup(account, venueOrderId), venueOrderId, order =>
        {
            if (ClosedFor(order))
            {
                order.Status = SimulatedStatus.PendingCancel; // It takes effect at the reopening.
                order.Book.Touch(order);
            }
            else
            {
                _matching.End(order, SimulatedStatus.Canceled, "cancelled");
            }
        });

    /// <summary>Marks an order as about to be cancelled; it may still trade until <see cref="Cancel"/>.</summary>
    public (SimulatedOrderView? Order, SimulatedRefusal? Refusal) BeginCancel(AccountId account, string venueOrderId) =>
        CancelFound(Lookup(account, venueOrderId), venueOrderId, order =>
        {
            order.Status = SimulatedStatus.PendingCancel;
            order.Book.Touch(order);
        });

    /// <summary>Fills what is left of an open order at its limit or the last price, as a fill that races a cancel.</summary>
    public void Fill(AccountId account, string venueOrderId)
    {
        if (Lookup(account, venueOrderId) is { } order)
        {
            Change(order.Book, () =>
            {
                if (order.Status.IsOpen())
                {
                    _matching.FillNow(order);
                }

                return order.Status;
            });
        }
    }

    /// <summary>Puts a new order in the place of one that rests. What had traded counts for the new one.</summary>
    public (SimulatedOrderView? Order, SimulatedRefusal? Refusal) Replace(
        AccountId account, string venueOrderId, SimulatedReplacement changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return Lookup(account, venueOrderId) is { } order
            ? Change(order.Book, () => ReplaceLocked(order, changes))
            : (null, SimulatedRefusal.NotFound(venueOrderId));
    }

    /// <summary>Moves the last price of a symbol, with everything that follows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is not above 0.</exception>
    public void SetPrice(Symbol symbol, decimal price)
    {
        var book = BookOf(symbol);
        var to = AboveZero(price);
        Change(book, () =>
        {
            Move(book, to);
            return to;
        });
    }

    /// <summary>One step of the market: prices walk, the maker meets resting orders anew, day orders expire at midnight UTC.</summary>
    public void Tick()
    {
        lock (_tickGate)
        {
            OpenWhenDue();
            var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
            var newDay = today > _day;
            _day = today;
            foreach (var book in _books.Values.OrderBy(book => book.Symbol.Value, StringComparer.Ordinal))
            {
                Change(book, () =>
                {
                    if (newDay)
                    {
                        ExpireDayOrders(book, today);
                    }

                    Move(book, NextPrice(book.Last));
                    return book.Last;
                });
            }
        }
    }

    /// <summary>Gives accounts the positions that they have from before.</summary>
    public void Seed(IEnumerable<VenuePosition> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        foreach (var position in positions)
        {
            var book = BookOf(position.Symbol);
            lock (book.Gate)
            {
                AccountOf(position.Account).Set(position.Symbol, new Holding(position.Quantity, position.AveragePrice));
            }
        }
    }

    /// <summary>Hands every change of an order to the observer, outside all locks, in order per order.</summary>
    public void Subscribe(IVenueObserver observer) => _outbox.Subscribe(observer);
}

/// <summary>An order that was taken in and not yet put to work.</summary>
public sealed class SimulatedReceipt
{
    internal SimulatedReceipt(SimulatedOrder order) => Order = order;

    internal SimulatedOrder Order { get; }
}
