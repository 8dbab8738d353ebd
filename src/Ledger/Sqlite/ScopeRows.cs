using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>The orders in a stop's scope: what it owes, and what has ended meanwhile.</summary>
internal static class ScopeRows
{
    private const string OwedOfScope = "o.ended_after IS NULL AND o.number < ? AND o.origin <> 1 AND o.protective <= ?";
    private const string OwedAdopted =
        "FROM orders o INDEXED BY orders_stop WHERE o.stop_id = ? AND o.origin = 2 AND o.ended_after IS NULL AND o.protective <= ?";

    private static readonly string Columns = "o." + OrderRows.Columns.Replace(", ", ", o.", StringComparison.Ordinal);

    /// <summary>The active orders in scope numbered before the stop, and those that it has adopted.</summary>
    public static List<Order> Owed(SqliteSession session, Stop stop, bool includeProtective, int? partition)
    {
        var slice = partition is null ? string.Empty : " AND o.partition = ?";
        var protective = Protective(stop, includeProtective);
        var scoped = session.Sql(
                $"SELECT {Columns} FROM orders o INDEXED BY {ActiveIndex(stop)} WHERE {Scope(stop)} AND {OwedOfScope}{slice} ORDER BY o.user_id, o.number");
        var owed = BindPartition(BindScope(scoped, stop).Bind(stop.Number).Bind(protective), partition).All(OrderRows.Read);
        var adopted = session.Sql($"SELECT {Columns} {OwedAdopted}{slice} ORDER BY o.user_id, o.number");
        owed.AddRange(BindPartition(adopted.Bind(stop.Id.Value).Bind(protective), partition).All(OrderRows.Read));
        return owed;
    }

    /// <summary>Whether anything is owed: the same question, asked on the writer, where a list would take too long.</summary>
    public static bool OwesAny(SqliteSession session, Stop stop)
    {
        var protective = Protective(stop, includeProtective: false);
        return BindScope(session.Sql($"SELECT 1 FROM orders o INDEXED BY {ActiveIndex(stop)} WHERE {Scope(stop)} AND {OwedOfScope} LIMIT 1"), stop)
                .Bind(stop.Number).Bind(protective).Any()
            || session.Sql($"SELECT 1 {OwedAdopted} LIMIT 1").Bind(stop.Id.Value).Bind(protective).Any();
    }

    /// <summary>Orders that were alive at the stop's number, or adopted for it, have ended since, and have no outcome.</summary>
    public static List<Order> EndedMeanwhile(SqliteSession session, Stop stop)
    {
        const string NoMetOutcome = "AND NOT EXISTS (SELECT 1 FROM outcomes u WHERE u.stop = ? AND u.kind = 0 AND u.item = o.id AND u.outcome NOT IN (7, 8)) ORDER BY o.user_id, o.number";
        var ended = BindScope(
                session.Sql(
                    $"SELECT {Columns} FROM orders o INDEXED BY orders_ended WHERE {Scope(stop)} AND o.ended_after >= ? "
                    + $"AND o.number < ? AND o.origin <> 1 {NoMetOutcome}"),
                stop)
            .Bind(stop.Number).Bind(stop.Number).Bind(stop.Number).All(OrderRows.Read);
        ended.AddRange(session.Sql(
                $"SELECT {Columns} FROM orders o INDEXED BY orders_stop WHERE o.stop_id = ? AND o.origin = 2 AND o.ended_after IS NOT NULL {NoMetOutcome}")
            .Bind(stop.Id.Value).Bind(stop.Number).All(OrderRows.Read));
        return ended;
    }

    private static long Protective(Stop stop, bool includeProtective) => includeProtective || !stop.Options.KeepProtective ? 1 : 0;

    private static string ActiveIndex(Stop stop) => stop.Target.Scope switch
    {
        EmergencyStopScope.Strategy => "orders_active_strategy",
        EmergencyStopScope.Symbol => "orders_active_symbol",
        _ => "orders_active_user",
    };

    private static string Scope(Stop stop) => stop.Target.Scope switch
    {
        EmergencyStopScope.User => "o.partition = ? AND o.user_id = ?",
        EmergencyStopScope.Strategy => "o.strategy_id = ?",
        EmergencyStopScope.Symbol => "o.symbol = ?",
        EmergencyStopScope.UserSymbol => "o.partition = ? AND o.user_id = ? AND o.symbol = ?",
        _ => "1",
    };

    private static Statement BindScope(Statement statement, Stop stop) => stop.Target switch
    {
        { User: { } user, Symbol: { } symbol } => statement.Bind((long)Partitions.Of(user)).Bind(user.Value).Bind(symbol.Value),
        { User: { } user } => statement.Bind((long)Partitions.Of(user)).Bind(user.Value),
        { Strategy: { } strategy } => statement.Bind(strategy.Value),
        { Symbol: { } symbol } => statement.Bind(symbol.Value),
        _ => statement,
    };

    private static Statement BindPartition(Statement statement, int? partition) =>
        partition is { } number ? statement.Bind((long)number) : statement;
}
