using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Lists of orders.</summary>
internal static class OrderQueries
{
    /// <summary>Most rows that one page of the whole history looks at; a page may hold few and still have a next one.</summary>
    private const long MostScanned = 100_000;

    public static ImmutableArray<UserId> UsersWithActive(LedgerSession session, UserId? after, int limit) =>
    [
        .. session.Sql(
                "SELECT DISTINCT user_id FROM orders INDEXED BY orders_active WHERE ended_after IS NULL AND user_id > ? ORDER BY user_id LIMIT ?")
            .Bind(after?.Value ?? string.Empty).Bind((long)limit).All(static r => UserId.Parse(r.Text())),
    ];

    public static ImmutableArray<UserId> KnownUsers(LedgerSession session) =>
    [
        .. session.Sql("SELECT user_id FROM strategy_users UNION SELECT user_id FROM strategies UNION SELECT user_id FROM positions ORDER BY 1")
            .All(static r => UserId.Parse(r.Text())),
    ];

    /// <summary>The orders of a stop's unmet outcomes, by number.</summary>
    public static List<Order> Unmet(LedgerSession session, StopId stop) =>
        session.Sql(
                $"SELECT {OrderRows.Columns} FROM orders WHERE id IN (SELECT u.item FROM outcomes u "
                + "WHERE u.stop = (SELECT number FROM stops WHERE id = ?) AND u.kind = 0 AND u.outcome IN (7, 8)) ORDER BY number")
            .Bind(stop.Value).All(OrderRows.Read);

    public static Page<Order> Page(LedgerSession session, IActiveOrders active, OrderQuery query, long before, int limit) =>
        query.ActiveOnly ? ActivePage(session, active, query, before, limit) : HistoryPage(session, query, before, limit);

    private static Page<Order> ActivePage(LedgerSession session, IActiveOrders active, OrderQuery query, long before, int limit)
    {
        var target = query switch
        {
            { User: { } user } => StopTarget.Of(user),
            { Strategy: { } strategy } => StopTarget.Of(strategy),
            { Symbol: { } symbol } => StopTarget.Of(symbol),
            _ => StopTarget.System,
        };
        var rows = ScopeRows.Active(session, active, target, null)
            .Where(o => o.Number < before
                && (query.User is null || o.Terms.User == query.User)
                && (query.Strategy is null || o.Terms.Strategy == query.Strategy)
                && (query.Symbol is null || o.Terms.Symbol == query.Symbol))
            .OrderByDescending(o => o.Number).Take(limit + 1).ToList();
        return rows.Count > limit ? new([.. rows.Take(limit)], Cursor.Of(rows[limit - 1].Number)) : new([.. rows], null);
    }

    private static Page<Order> HistoryPage(LedgerSession session, OrderQuery query, long before, int limit)
    {
        var from = Math.Min(before, GateRows.Read(session).Number + 1);
        var end = Math.Max(0, from - MostScanned);
        var where = (query.User is null ? string.Empty : " AND user_id = ?")
            + (query.Strategy is null ? string.Empty : " AND strategy_id = ?")
            + (query.Symbol is null ? string.Empty : " AND symbol = ?");
        var statement = session.Sql(
            $"SELECT {OrderRows.Columns} FROM orders WHERE number < ? AND number >= ?{where} ORDER BY number DESC LIMIT ?").Bind(from).Bind(end);
        statement = query.User is { } user ? statement.Bind(user.Value) : statement;
        statement = query.Strategy is { } strategy ? statement.Bind(strategy.Value) : statement;
        statement = query.Symbol is { } symbol ? statement.Bind(symbol.Value) : statement;
        var rows = statement.Bind(limit + 1L).All(OrderRows.Read);
        if (rows.Count > limit)
        {
            return new([.. rows.Take(limit)], Cursor.Of(rows[limit - 1].Number));
        }

        return new([.. rows], end > 1 ? Cursor.Of(end) : null);
    }
}
