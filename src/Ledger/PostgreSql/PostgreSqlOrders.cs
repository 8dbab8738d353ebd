using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Finds active orders by the partial indexes, a page at a time.</summary>
internal sealed class PostgreSqlOrders : IActiveOrders
{
    private const int Page = 1_000;

    /// <inheritdoc/>
    public IEnumerable<Order> Look(LedgerSession session, StopTarget target, int? partition, long below)
    {
        var last = 0L;
        List<Order> page;
        do
        {
            page = Statement(session, target, partition).Bind(last).Bind(below).Bind((long)Page).All(OrderRows.Read);
            foreach (var order in page)
            {
                last = order.Number;
                if (ScopeRows.IsIn(order, target, partition))
                {
                    yield return order;
                }
            }
        }
        while (page.Count == Page);
    }

    /// <inheritdoc/>
    public Order? FindByVenue(LedgerSession session, AccountId account, string venueOrderId) =>
        session.Sql($"SELECT {OrderRows.Columns} FROM orders WHERE account_id = ? AND venue_order_id = ? AND ended_after IS NULL ORDER BY number DESC LIMIT 1")
            .Bind(account.Value).Bind(venueOrderId).First(OrderRows.Read);

    /// <summary>Users with an order of unclear fate numbered up to a bound, by id.</summary>
    public static ImmutableArray<UserId> Unclear(LedgerSession session, long upTo, UserId? after, int limit) =>
    [
        .. session.Sql(
                "SELECT DISTINCT user_id FROM orders WHERE ended_after IS NULL AND state IN (0, 2) AND number <= ? AND user_id > ? ORDER BY user_id LIMIT ?")
            .Bind(upTo).Bind(after?.Value ?? string.Empty).Bind((long)limit).All(static r => UserId.Parse(r.Text())),
    ];

    private static Statement Statement(LedgerSession session, StopTarget target, int? partition)
    {
        const string active = $"SELECT {OrderRows.Columns} FROM orders WHERE ended_after IS NULL";
        const string page = " AND number > ? AND number < ? ORDER BY number LIMIT ?";
        return target switch
        {
            { User: { } user } => session.Sql($"{active} AND partition = ? AND user_id = ?{page}").Bind((long)Partitions.Of(user)).Bind(user.Value),
            { Strategy: { } strategy } => session.Sql($"{active} AND strategy_id = ?{page}").Bind(strategy.Value),
            { Symbol: { } symbol } => session.Sql($"{active} AND symbol = ?{page}").Bind(symbol.Value),
            _ when partition is { } slice => session.Sql($"{active} AND partition = ?{page}").Bind((long)slice),
            _ => session.Sql(active + page),
        };
    }
}
