using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Events;

/// <summary>What outsiders are told of a strategy's pauses. Pure; the same for every ledger.</summary>
internal static class StrategyEvents
{
    public static LedgerEvent Paused(StrategyPause pause, UserId? owner, DateTimeOffset at) => new(
        EventTypes.StrategyPaused, pause.Strategy.Value, at, EventAudience.Of(owner), AuditDetails.Of(
            ("strategy_id", pause.Strategy.Value), ("target", pause.Target.Value), ("stop_id", pause.Stop.Value), ("number", pause.PausedAt)));

    public static LedgerEvent Resumed(StrategyPause pause, UserId? owner, long number, string by, string reason, DateTimeOffset at) => new(
        EventTypes.StrategyResumed, pause.Strategy.Value, at, EventAudience.Of(owner), AuditDetails.Of(
            ("strategy_id", pause.Strategy.Value), ("target", pause.Target.Value), ("stop_id", pause.Stop.Value), ("number", number),
            ("by", by), ("reason", reason)));
}
