using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Orders that are put in the place of others.</summary>
internal static class ReplaceRows
{
    /// <summary>Longest chain of replacements that is walked.</summary>
    private const int LongestChain = 1_000;

    /// <summary>Why an order may not be put in the place of this one now, or <c>null</c>.</summary>
    public static AdmitAnswer? WhyNot(LedgerSession session, NewOrder order)
    {
        if (order.Replaces is not { } old)
        {
            return null;
        }

        return OrderRows.Find(session, old) switch
        {
            null => new AdmitAnswer.NotReplaceable(null, "There is no such order."),
            { State: OrderState.InFlight or OrderState.Unknown } unclear => new AdmitAnswer.NotReplaceable(unclear, "It is not known to rest at the venue yet."),
            { State: not OrderState.Open } ended => new AdmitAnswer.NotReplaceable(ended, $"It has ended: {ended.State}."),
            { Origin: not OrderOrigin.Placed } other => new AdmitAnswer.NotReplaceable(other, "It was not placed through the gate."),
            { VenueOrderId: null } unnamed => new AdmitAnswer.NotReplaceable(unnamed, "The venue's id of it is not known yet."),
            var row when row.Terms.User != order.Terms.User || row.Account != order.Account => new AdmitAnswer.NotReplaceable(null, "There is no such order."),
            var row when Pending(session, old) is { } pending => new AdmitAnswer.NotReplaceable(row, $"It is being replaced by {pending.Id}."),
            _ => null,
        };
    }

    /// <summary>How much of an order's chain has traded as the other rows of it know. A successor's fills include its predecessor's.</summary>
    public static decimal FilledElsewhere(LedgerSession session, Order order)
    {
        var most = 0m;
        var at = order.Replaces;
        for (var hop = 0; at is { } id && hop < LongestChain && OrderRows.Find(session, id) is { } before; hop++)
        {
            (most, at) = (Math.Max(most, before.FilledQuantity), before.Replaces);
        }

        var next = Successor(session, order.Id);
        for (var hop = 0; next is not null && hop < LongestChain; hop++)
        {
            (most, next) = (Math.Max(most, next.FilledQuantity), Successor(session, next.Id));
        }

        return most;
    }

    private static Order? Pending(LedgerSession session, OrderId old) =>
        session.Sql($"SELECT {OrderRows.Columns} FROM orders WHERE replaces = ? AND ended_after IS NULL").Bind(old.Value).First(OrderRows.Read);

    private static Order? Successor(LedgerSession session, OrderId old) =>
        session.Sql($"SELECT {OrderRows.Columns} FROM orders WHERE replaces = ? AND venue_order_id IS NOT NULL").Bind(old.Value).First(OrderRows.Read);
}
