using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmergencyStop.Ids;

namespace EmergencyStop.Venues.Simulated;

/// <summary>One account: cash, positions, and its orders in the order of their submission.</summary>
/// <remarks>Its lock is taken inside a book's lock, never the other way round.</remarks>
internal sealed class SimulatedAccount(AccountId id, decimal cash, DateTimeOffset createdAt)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, SimulatedOrder> _byClientId = new(StringComparer.Ordinal);
    private readonly Dictionary<Symbol, Holding> _holdings = [];
    private readonly List<SimulatedOrder> _history = [];
    private readonly LinkedList<SimulatedOrder> _open = [];
    private int _forgotten;
    private decimal _cash = cash;

    public AccountId Id { get; } = id;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public decimal Cash
    {
        get
        {
            lock (_gate)
            {
                return _cash;
            }
        }
    }

    public bool TryReserve(SimulatedOrder order) => _byClientId.TryAdd(order.Request.ClientOrderId, order);

    public SimulatedOrder? Find(string clientOrderId) => _byClientId.GetValueOrDefault(clientOrderId);

    /// <summary>Enters an accepted order; the stamp is drawn under the lock, so that the history is in its order.</summary>
    public void Enter(SimulatedOrder order, Action<SimulatedOrder> stamp)
    {
        lock (_gate)
        {
            stamp(order);
            _history.Add(order);
            order.OpenPlace = _open.AddLast(order);
        }
    }

    public void Leave(SimulatedOrder order)
    {
        lock (_gate)
        {
            if (order.OpenPlace is { } place)
            {
                _open.Remove(place);
                order.OpenPlace = null;
            }
        }
    }

    /// <summary>Drops an order that ended long ago, so that memory has a bound.</summary>
    public void Forget(SimulatedOrder order)
    {
        _ = _byClientId.TryRemove(new(order.Request.ClientOrderId, order));
        lock (_gate)
        {
            order.Forgotten = true;
            _forgotten++;
            if (_forgotten > _history.Count / 2)
            {
                _history.RemoveAll(one => one.Forgotten);
                _forgotten = 0;
            }
        }
    }

    /// <summary>The open orders, oldest first, as of one moment.</summary>
    public ImmutableArray<SimulatedOrder> Open()
    {
        lock (_gate)
        {
            return [.. _open];
        }
    }

    /// <summary>All orders that are remembered, oldest first, as of one moment.</summary>
    public ImmutableArray<SimulatedOrder> History()
    {
        lock (_gate)
        {
            return [.. _history.Where(order => !order.Forgotten)];
        }
    }

    public decimal Quantity(Symbol symbol)
    {
        lock (_gate)
        {
            return _holdings.GetValueOrDefault(symbol).Quantity;
        }
    }

    public ImmutableArray<(Symbol Symbol, Holding Holding)> Holdings()
    {
        lock (_gate)
        {
            return [.. _holdings.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))];
        }
    }

    public void Trade(Symbol symbol, decimal signedQuantity, decimal price, decimal value)
    {
        lock (_gate)
        {
            _cash += signedQuantity > 0 ? -value : value;
            Put(symbol, _holdings.GetValueOrDefault(symbol).After(signedQuantity, price));
        }
    }

    public void Set(Symbol symbol, Holding holding)
    {
        lock (_gate)
        {
            Put(symbol, holding);
        }
    }

    private void Put(Symbol symbol, Holding holding)
    {
        if (holding.Quantity == 0)
        {
            _holdings.Remove(symbol);
        }
        else
        {
            _holdings[symbol] = holding;
        }
    }
}

/// <summary>What an account has of one symbol; short is negative.</summary>
internal readonly record struct Holding(decimal Quantity, decimal AveragePrice)
{
    /// <summary>Adding averages the price in, reducing keeps it, and crossing zero starts anew.</summary>
    public Holding After(decimal signedQuantity, decimal price)
    {
        var quantity = Quantity + signedQuantity;
        if (quantity == 0)
        {
            return default;
        }

        if (Math.Sign(Quantity) * Math.Sign(signedQuantity) >= 0)
        {
            return new(quantity, ((Quantity * AveragePrice) + (signedQuantity * price)) / quantity);
        }

        return Math.Sign(quantity) == Math.Sign(Quantity) ? this with { Quantity = quantity } : new(quantity, price);
    }
}
