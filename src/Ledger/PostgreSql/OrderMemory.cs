using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>What this process remembers of active orders while the ledger is down: everything that it wrote itself, and what it has read.</summary>
internal sealed class OrderMemory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RememberedOrder> _orders = new(StringComparer.Ordinal);
    private long _upto;

    /// <summary>The highest number that it knows of.</summary>
    public long Upto
    {
        get
        {
            lock (_lock)
            {
                return _upto;
            }
        }
    }

    /// <summary>Begins afresh with these orders.</summary>
    public void Reload(IReadOnlyCollection<(OrderId Id, RememberedOrder Order)> orders, long number)
    {
        lock (_lock)
        {
            foreach (var id in _orders.Where(o => o.Value.Number <= number).Select(o => o.Key).ToList())
            {
                _orders.Remove(id); // What was admitted since this was read stays.
            }

            foreach (var (id, order) in orders)
            {
                _orders[id.Value] = order;
            }

            _upto = Math.Max(_upto, number);
        }
    }

    /// <summary>Takes in what was read of orders: those that are active, and those that are not any more.</summary>
    public void Learn(IReadOnlyCollection<(OrderId Id, RememberedOrder Order, bool IsActive)> orders)
    {
        lock (_lock)
        {
            foreach (var (id, order, isActive) in orders)
            {
                if (isActive)
                {
                    _orders[id.Value] = order;
                }
                else
                {
                    _orders.Remove(id.Value);
                }

                _upto = Math.Max(_upto, order.Number);
            }
        }
    }

    /// <summary>Remembers an order that is active, or may be once its admission's fate is known.</summary>
    public void Add(Order order)
    {
        lock (_lock)
        {
            AddLocked(order);
            _upto = Math.Max(_upto, order.Number);
        }
    }

    /// <summary>Remembers an order that is about to be asked for: should the answer get lost, it may be active.</summary>
    /// <returns>What is remembered of it until the answer comes; <c>null</c> when it is remembered already.</returns>
    public RememberedOrder? Expect(Order order)
    {
        lock (_lock)
        {
            if (_orders.ContainsKey(order.Id.Value))
            {
                return null;
            }

            AddLocked(order with { Number = _upto + 1 });
            return _orders[order.Id.Value];
        }
    }

    /// <summary>Forgets an order that was surely not admitted where it was expected; what has been learned of it from elsewhere since stays.</summary>
    public void Withdraw(OrderId order, RememberedOrder? expected)
    {
        lock (_lock)
        {
            if (expected is not null && ReferenceEquals(_orders.GetValueOrDefault(order.Value), expected))
            {
                _orders.Remove(order.Value);
            }
        }
    }

    /// <summary>Forgets an order that has ended, or was not admitted.</summary>
    public void Remove(OrderId order)
    {
        lock (_lock)
        {
            _orders.Remove(order.Value);
        }
    }

    /// <summary>A number was drawn.</summary>
    public void Pass(long number)
    {
        lock (_lock)
        {
            _upto = Math.Max(_upto, number);
        }
    }

    public RememberedOrder? Recall(OrderId order)
    {
        lock (_lock)
        {
            return _orders.GetValueOrDefault(order.Value);
        }
    }

    /// <summary>Users with active orders, all or those of one strategy.</summary>
    public ImmutableArray<UserId> Users(StrategyId? strategy)
    {
        lock (_lock)
        {
            return [.. _orders.Values.Where(o => strategy is null || o.Strategy == strategy).Select(o => o.User).Distinct()];
        }
    }

    private void AddLocked(Order order) => _orders[order.Id.Value] = new(
        order.Terms.User, order.Terms.Strategy, order.Terms.Protective, order.Origin == OrderOrigin.Closing, order.Number, order.Origin == OrderOrigin.Adopted);
}
