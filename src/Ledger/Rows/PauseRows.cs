using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The pauses' rows.</summary>
internal static class PauseRows
{
    public static void Write(LedgerSession session, StrategyPause pause) =>
        session.Sql(
                "INSERT INTO pauses (strategy_id, target, stop_id, paused_at) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT (strategy_id, target) DO UPDATE SET stop_id = excluded.stop_id, paused_at = excluded.paused_at")
            .Bind(pause.Strategy.Value).Bind(pause.Target.Value).Bind(pause.Stop.Value).Bind(pause.PausedAt).Post();

    /// <summary>When it was last resumed within a target; <c>null</c> when it was never paused there.</summary>
    public static long? ResumedAt(LedgerSession session, StrategyId strategy, StopTarget target) =>
        session.Sql("SELECT resumed_at FROM pauses WHERE strategy_id = ? AND target = ?")
            .Bind(strategy.Value).Bind(target.Value).First(static r => (long?)r.Long());

    public static void Resume(LedgerSession session, StrategyPause pause, long number) =>
        session.Sql("UPDATE pauses SET resumed_at = ? WHERE strategy_id = ? AND target = ?")
            .Bind(number).Bind(pause.Strategy.Value).Bind(pause.Target.Value).Post();
}
