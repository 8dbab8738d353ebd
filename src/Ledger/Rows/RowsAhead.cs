using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Which rows the jobs of a transaction are going to ask for one by one.</summary>
internal sealed class RowsWanted
{
    /// <summary>Most orders that are read ahead; what comes after them is asked for one by one.</summary>
    private const int Most = 1_024;

    public HashSet<string> Orders { get; } = new(StringComparer.Ordinal);

    public HashSet<(string Stop, string Order)> Outcomes { get; } = [];

    public bool IsFull => Orders.Count >= Most;
}

/// <summary>An outcome as it stands.</summary>
/// <param name="Outcome">What became of the item.</param>
/// <param name="Inferred">Whether that is only concluded.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Since">Since when it is unmet, as it is stored.</param>
internal sealed record StandingOutcome(OutcomeKind Outcome, bool Inferred, DateTimeOffset At, long Since);

/// <summary>Rows that a transaction has read before they are asked for: of orders, and of what became of them for a stop.</summary>
/// <remarks>
/// Only the writer changes them, so what was read stays true until this transaction changes it. An order is known anew with each
/// change; what is known of an outcome is used up by the question for it, and all of it forgotten when one is changed otherwise.
/// </remarks>
/// <param name="orders">The orders found.</param>
/// <param name="wanted">The outcomes that were looked for.</param>
/// <param name="outcomes">Those of them that were found.</param>
internal sealed class RowsAhead(IEnumerable<Order> orders, HashSet<(string Stop, string Order)> wanted, Dictionary<(string Stop, string Order), StandingOutcome> outcomes)
{
    private readonly Dictionary<string, Order> _orders = orders.ToDictionary(o => o.Id.Value, StringComparer.Ordinal);

    public Order? Find(OrderId order) => _orders.GetValueOrDefault(order.Value);

    public void Know(Order order)
    {
        if (_orders.ContainsKey(order.Id.Value))
        {
            _orders[order.Id.Value] = order;
        }
    }

    /// <summary>What stands of an outcome, if it was looked for.</summary>
    public bool TryTake(StopId stop, ItemOutcome next, out StandingOutcome? standing)
    {
        var key = (stop.Value, next.Item);
        standing = outcomes.GetValueOrDefault(key);
        return next.Kind == ObligationKind.Order && wanted.Remove(key);
    }

    public void ForgetOutcomes() => wanted.Clear();
}
