using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The strategies' rows.</summary>
internal static class StrategyRows
{
    private const string Columns = "s.id, s.user_id, s.name, s.callback_url, s.registered_at, s.secret_generation";

    public static void AuditRegistration(
        LedgerTransaction transaction, StrategyId strategy, UserId owner, string actor, string through, DateTimeOffset at) =>
        transaction.AppendAudit(new(
            at, actor, "strategy.registered", strategy.Value, AuditDetails.Of(("owner", owner.Value), ("through", through))));

    public static void Write(LedgerSession session, Strategy strategy) =>
        session.Sql(
                "INSERT INTO strategies (id, user_id, name, callback_url, registered_at, secret_generation) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) "
                + "DO UPDATE SET user_id = excluded.user_id, name = excluded.name, callback_url = excluded.callback_url, "
                + "registered_at = excluded.registered_at, secret_generation = excluded.secret_generation")
            .Bind(strategy.Id.Value).Bind(strategy.User.Value).Bind(strategy.Name).Bind(strategy.CallbackUrl)
            .Bind(Values.Micros(strategy.RegisteredAt)).Bind((long)strategy.SecretGeneration).Post();

    public static Strategy? Find(LedgerSession session, StrategyId strategy) =>
        session.Sql($"SELECT {Columns} FROM strategies s WHERE s.id = ?").Bind(strategy.Value).First(Read) is { } found
            ? found with { Pauses = PausesOf(session, strategy) }
            : null;

    /// <summary>Its owner, and everybody for whom it has ever placed an order.</summary>
    public static HashSet<UserId> UsersOf(LedgerSession session, Strategy strategy) =>
        [strategy.User, .. session.Sql("SELECT user_id FROM strategy_users WHERE strategy_id = ?").Bind(strategy.Id.Value).All(static r => UserId.Parse(r.Text()))];

    public static UserId? OwnerOf(LedgerSession session, StrategyId strategy) =>
        session.Sql("SELECT user_id FROM strategies WHERE id = ?").Bind(strategy.Value).First(static r => (UserId?)UserId.Parse(r.Text()));

    public static ImmutableArray<Strategy> Page(LedgerSession session, UserId? user, string after, int limit) => WithPauses(
        session,
        user is { } owner
            ? session.Sql($"SELECT {Columns} FROM strategies s WHERE s.user_id = ? AND s.id > ? ORDER BY s.id LIMIT ?")
                .Bind(owner.Value).Bind(after).Bind((long)limit).All(Read)
            : session.Sql($"SELECT {Columns} FROM strategies s WHERE s.id > ? ORDER BY s.id LIMIT ?")
                .Bind(after).Bind((long)limit).All(Read));

    /// <summary>The strategies that a stop on this target pauses.</summary>
    public static ImmutableArray<Strategy> In(LedgerSession session, IActiveOrders active, StopTarget target)
    {
        return WithPauses(session, target switch
        {
            { Symbol: not null } => Trading(session, active, target),
            { User: { } user } => session.Sql(
                    $"SELECT {Columns} FROM strategies s WHERE s.user_id = ? OR s.id IN (SELECT strategy_id FROM strategy_users WHERE user_id = ?) ORDER BY s.id")
                .Bind(user.Value).Bind(user.Value).All(Read),
            { Strategy: { } strategy } => session.Sql($"SELECT {Columns} FROM strategies s WHERE s.id = ?").Bind(strategy.Value).All(Read),
            _ => session.Sql($"SELECT {Columns} FROM strategies s ORDER BY s.id").All(Read),
        });
    }

    /// <summary>Those with active orders or a position in a symbol.</summary>
    private static List<Strategy> Trading(LedgerSession session, IActiveOrders active, StopTarget target) =>
    [
        .. ScopeRows.Active(session, active, target, null).Select(o => o.Terms.Strategy)
            .Concat(PositionRows.Of(session, target.User, null, target.Symbol).Select(p => p.Strategy))
            .OfType<StrategyId>().Distinct().OrderBy(s => s.Value, StringComparer.Ordinal)
            .Select(s => session.Sql($"SELECT {Columns} FROM strategies s WHERE s.id = ?").Bind(s.Value).First(Read))
            .OfType<Strategy>(),
    ];

    private static ImmutableArray<StrategyPause> PausesOf(LedgerSession session, StrategyId strategy) =>
        [.. session.Sql("SELECT strategy_id, target, stop_id, paused_at FROM pauses WHERE strategy_id = ? AND paused_at > resumed_at ORDER BY paused_at")
            .Bind(strategy.Value).All(GateRows.ReadPause)];

    private static ImmutableArray<Strategy> WithPauses(LedgerSession session, List<Strategy> found) =>
        [.. found.Select(s => s with { Pauses = PausesOf(session, s.Id) })];

    private static Strategy Read(Statement row) =>
        new(StrategyId.Parse(row.Text()), UserId.Parse(row.Text()), row.TextOrNull(), row.TextOrNull(), Values.Time(row.Long()), [], row.Int());
}
