using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Of an order's row what memory holds, and no more: there may be hundreds of thousands.</summary>
internal static class RememberedRows
{
    private const int Page = 10_000;
    private const string Columns = "o.number, o.id, o.user_id, o.strategy_id, o.protective, o.origin";

    /// <summary>Every active order. In pages, so that no statement takes longer than one may, however many there are.</summary>
    public static List<(OrderId Id, RememberedOrder Order)> Active(LedgerSession session)
    {
        var (all, last) = (new List<(OrderId Id, RememberedOrder Order)>(), 0L);
        List<(OrderId Id, RememberedOrder Order)> page;
        do
        {
            page = session.Sql($"SELECT {Columns} FROM orders o WHERE o.ended_after IS NULL AND o.number > ? ORDER BY o.number LIMIT ?")
                .Bind(last).Bind((long)Page).All(Read);
            all.AddRange(page);
            last = page.Count > 0 ? page[^1].Order.Number : last;
        }
        while (page.Count == Page);
        return all;
    }

    /// <summary>The orders that changed after one change and up to another, as they are now.</summary>
    /// <returns>The last change that was looked at, and the orders.</returns>
    public static (long Through, List<(OrderId Id, RememberedOrder Order, bool IsActive)> Orders) Changed(LedgerSession session, long after, long through)
    {
        var last = after;
        var orders = session.Sql(
                $"SELECT e.id, {Columns}, (o.ended_after IS NULL)::int FROM order_events e JOIN orders o ON o.number = e.number "
                + "WHERE e.id > ? AND e.id <= ? ORDER BY e.id LIMIT ?")
            .Bind(after).Bind(through).Bind((long)Page).All(row =>
            {
                last = row.Long();
                var (id, order) = Read(row);
                return (id, order, row.Bool());
            });
        return (orders.Count < Page ? through : last, orders);
    }

    private static (OrderId Id, RememberedOrder Order) Read(Statement row)
    {
        var (number, id, user) = (row.Long(), OrderId.Parse(row.Text()), UserId.Parse(row.Text()));
        var strategy = row.TextOrNull() is { } name ? StrategyId.Parse(name) : (StrategyId?)null;
        var (isProtective, origin) = (row.Bool(), (OrderOrigin)row.Int());
        return (id, new(user, strategy, isProtective, origin == OrderOrigin.Closing, number, origin == OrderOrigin.Adopted));
    }
}
