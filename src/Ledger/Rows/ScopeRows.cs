using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The orders in a stop's scope: what is active, what it owes, and what has ended meanwhile.</summary>
internal static class ScopeRows
{
    private const string AdoptedBy = $"SELECT {OrderRows.Columns} FROM orders INDEXED BY orders_stop WHERE stop_id = ? AND origin = 2";
    private static readonly string Columns = "o." + OrderRows.Columns.Replace(", ", ", o.", StringComparison.Ordinal);

    /// <summary>The active orders of a target, by number.</summary>
    public static List<Order> Active(LedgerSession session, IActiveOrders active, StopTarget target, int? partition) =>
        [.. active.Look(session, target, partition, long.MaxValue)];

    /// <summary>The active orders in scope numbered before the stop, and those that it has adopted; by user and number.</summary>
    public static List<Order> Owed(LedgerSession session, IActiveOrders active, Stop stop, bool includeProtective, int? partition)
    {
        var waived = OutcomeRows.WaivedOrders(session, stop.Number);
        return
        [
            .. AllOwed(session, active, stop, partition)
                .Where(o => IsOwed(o, stop, includeProtective) && !waived.Contains(o.Id.Value))
                .OrderBy(o => o.Terms.User.Value, StringComparer.Ordinal).ThenBy(o => o.Number),
        ];
    }

    /// <summary>Whether anything is owed: the same question, asked on the writer, where a list could take too long.</summary>
    public static bool OwesAny(LedgerSession session, IActiveOrders active, Stop stop)
    {
        var waived = OutcomeRows.WaivedOrders(session, stop.Number);
        return AllOwed(session, active, stop, partition: null).Any(o => IsOwed(o, stop, includeProtective: false) && !waived.Contains(o.Id.Value));
    }

    /// <summary>Whether more than so many orders are owed, waived ones included.</summary>
    public static bool OwesMoreThan(LedgerSession session, IActiveOrders active, Stop stop, int most) =>
        AllOwed(session, active, stop, partition: null).Skip(most).Any();

    /// <summary>Orders that were alive at the stop's number, or adopted for it, have ended since, and have no met outcome.</summary>
    public static List<Order> EndedMeanwhile(LedgerSession session, Stop stop)
    {
        var ended = session.Sql($"SELECT {Columns} FROM orders o INDEXED BY orders_ended WHERE o.ended_after >= ? AND o.number < ? AND o.origin <> 1")
            .Bind(stop.Number).Bind(stop.OwesUpTo).Stream(OrderRows.Read).Where(stop.OwedBeforeItsEnd)
            .Concat(session.Sql($"{AdoptedBy} AND ended_after IS NOT NULL").Bind(stop.Id.Value).Stream(OrderRows.Read).Where(o => !stop.Owes(o)));
        return
        [
            .. ended.Where(o => stop.Covers(o.Terms) && !OutcomeRows.IsMet(session, stop.Number, ObligationKind.Order, o.Id.Value))
                .OrderBy(o => o.Terms.User.Value, StringComparer.Ordinal).ThenBy(o => o.Number),
        ];
    }

    private static bool IsOwed(Order order, Stop stop, bool includeProtective) =>
        order.Origin != OrderOrigin.Closing && (includeProtective || !stop.Options.KeepProtective || !order.Terms.Protective);

    private static IEnumerable<Order> AllOwed(LedgerSession session, IActiveOrders active, Stop stop, int? partition) =>
        active.Look(session, stop.Target, partition, stop.OwesUpTo).Where(stop.Owes)
            .Concat(session.Sql($"{AdoptedBy} AND ended_after IS NULL").Bind(stop.Id.Value).All(OrderRows.Read)
                .Where(o => stop.Covers(o.Terms) && !stop.Owes(o) && IsIn(o, stop.Target, partition)));

    /// <summary>Whether an order is in a target, and in this slice of the users.</summary>
    public static bool IsIn(Order order, StopTarget target, int? partition) =>
        target.Covers(order.Terms) && (partition is null || Partitions.Of(order.Terms.User) == partition);
}
