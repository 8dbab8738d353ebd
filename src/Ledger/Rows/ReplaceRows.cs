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
            null => Refusal(ReplaceRefusal.NoSuchOrder, null, null),
            { State: OrderState.InFlight or OrderState.Unknown } row => Refusal(ReplaceRefusal.Unclear, row, null),
            { State: not OrderState.Open } row => Refusal(ReplaceRefusal.Ended, row, null),
            { Origin: not OrderOrigin.Placed } row => Refusal(ReplaceRefusal.NotPlaced, row, null),
            { VenueOrderId: null } row => Refusal(ReplaceRefusal.Unnamed, row, null),
            var row when row.Terms.User != order.Terms.User || row.Account != order.Account => Refusal(ReplaceRefusal.NoSuchOrder, null, null),
            var row when Pending(session, old) is { } pending => Refusal(ReplaceRefusal.Pending, row, pending.Id.Value),
            _ => null,
        };
    }

    /// <summary>The refusal in words.</summary>
    public static AdmitAnswer.NotReplaceable Refusal(ReplaceRefusal why, Order? row, string? pending) => why switch
    {
        ReplaceRefusal.Unclear => new(row, "It is not known to rest at the venue yet."),
        ReplaceRefusal.Ended => new(row, $"It has ended: {row?.State}."),
        ReplaceRefusal.NotPlaced => new(row, "It was not placed through the gate."),
        ReplaceRefusal.Unnamed => new(row, "The venue's id of it is not known yet."),
        ReplaceRefusal.Pending => new(row, $"It is being replaced by {pending}."),
        _ => new(null, "There is no such order."),
    };

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

/// <summary>Why an order may not be put in the place of another; the numbers are those of PostgreSQL's function.</summary>
internal enum ReplaceRefusal
{
    NoSuchOrder = 10,
    Unclear = 11,
    Ended = 12,
    NotPlaced = 13,
    Unnamed = 14,
    Pending = 15,
}
