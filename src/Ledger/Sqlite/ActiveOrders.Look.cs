using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

/// <content>The rows behind the numbers.</content>
internal sealed partial class ActiveOrders : IActiveOrders
{
    /// <summary>Looks where the index in memory says, and where it cannot know.</summary>
    public IEnumerable<Order> Look(LedgerSession session, StopTarget target, int? partition, long below)
    {
        var gate = GateRows.Read(session); // The snapshot begins here, before the index is asked.
        var (numbers, upto, reopened) = Of(target, partition, below);
        if (reopened != gate.Reopened)
        {
            (numbers, upto) = ([], 0); // Another process has written what cannot be found by number: everything is searched.
        }

        foreach (var number in numbers)
        {
            if (OrderRows.FindActive(session, number) is { } order && ScopeRows.IsIn(order, target, partition))
            {
                yield return order;
            }
        }

        if (upto >= gate.Number)
        {
            yield break;
        }

        var rest = session.Sql($"SELECT {OrderRows.Columns} FROM orders INDEXED BY orders_active WHERE ended_after IS NULL AND number > ? AND number < ? ORDER BY number");
        foreach (var order in rest.Bind(upto).Bind(below).All(OrderRows.Read))
        {
            if (ScopeRows.IsIn(order, target, partition))
            {
                yield return order;
            }
        }
    }

    /// <inheritdoc/>
    public Order? FindByVenue(LedgerSession session, AccountId account, string venueOrderId) =>
        OfVenue(account, venueOrderId) is { } number && OrderRows.FindActive(session, number) is { } active && active.VenueOrderId == venueOrderId
            ? active
            : null;
}
