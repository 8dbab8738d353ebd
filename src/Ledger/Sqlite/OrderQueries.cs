using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Lists of orders.</summary>
internal static class OrderQueries
{
    public static ImmutableArray<Order> ActiveOf(SqliteSession session, UserId user) =>
    [
        .. session.Sql(
                $"SELECT {OrderRows.Columns} FROM orders INDEXED BY orders_active_user "
                + "WHERE partition = ? AND user_id = ? AND ended_after IS NULL ORDER BY number")
            .Bind((long)Partitions.Of(user)).Bind(user.Value).All(OrderRows.Read),
    ];

    public static ImmutableArray<UserId> UsersWithActive(SqliteSession session, UserId? after, int limit) =>
    [
        .. session.Sql(
                "SELECT DISTINCT user_id FROM orders INDEXED BY orders_active_user WHERE ended_after IS NULL AND user_id > ? ORDER BY user_id LIMIT ?")
            .Bind(after?.Value ?? string.Empty).Bind((long)limit).All(static r => UserId.Parse(r.Text())),
    ];

    public static Page<Order> Page(SqliteSession session, OrderQuery query, long before, int limit)
    {
        var where = (query.User is null ? string.Empty : " AND partition = ? AND user_id = ?")
            + (query.Strategy is null ? string.Empty : " AND strategy_id = ?")
            + (query.Symbol is null ? string.Empty : " AND symbol = ?")
            + (query.ActiveOnly ? " AND ended_after IS NULL" : string.Empty);
        var statement = session.Sql(
            $"SELECT {OrderRows.Columns} FROM orders {Index(query)} WHERE number < ?{where} ORDER BY number DESC LIMIT ?").Bind(before);
        statement = query.User is { } user ? statement.Bind((long)Partitions.Of(user)).Bind(user.Value) : statement;
        statement = query.Strategy is { } strategy ? statement.Bind(strategy.Value) : statement;
        statement = query.Symbol is { } symbol ? statement.Bind(symbol.Value) : statement;
        var rows = statement.Bind(limit + 1L).All(OrderRows.Read);
        return rows.Count > limit
            ? new([.. rows.Take(limit)], Cursor.Of(rows[limit - 1].Number))
            : new([.. rows], null);
    }

    private static string Index(OrderQuery query) => query switch
    {
        { ActiveOnly: true, User: not null } => "INDEXED BY orders_active_user",
        { ActiveOnly: true, Strategy: not null } => "INDEXED BY orders_active_strategy",
        { ActiveOnly: true, Symbol: not null } => "INDEXED BY orders_active_symbol",
        { ActiveOnly: true } => "INDEXED BY orders_active_user",
        { User: not null } => "INDEXED BY orders_user",
        _ => "NOT INDEXED",
    };
}
