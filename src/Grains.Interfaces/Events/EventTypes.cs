using System.Collections.Immutable;

namespace EmergencyStop.Events;

/// <summary>The types of events, each a dotted past-tense word.</summary>
public static class EventTypes
{
    /// <summary>Somebody asks for a stop. The one type that is accepted from outside, and the one that is critical.</summary>
    public const string EmergencyStopRequested = "emergency_stop.requested";

    /// <summary>A stop stands.</summary>
    public const string StopEngaged = "stop.engaged";

    /// <summary>A stop's state has changed.</summary>
    public const string StopProgressed = "stop.progressed";

    /// <summary>Outcomes of a stop were recorded, counted by what they are.</summary>
    public const string StopOutcomesRecorded = "stop.outcomes_recorded";

    /// <summary>A stop was lifted.</summary>
    public const string StopReleased = "stop.released";

    /// <summary>A stop was narrowed to those who owe it something.</summary>
    public const string StopNarrowed = "stop.narrowed";

    /// <summary>A part of a stop's target was carved out.</summary>
    public const string StopExcepted = "stop.excepted";

    /// <summary>A carved-out part was put back.</summary>
    public const string StopPutBack = "stop.put_back";

    /// <summary>A standing stop was told to close positions too.</summary>
    public const string StopEscalated = "stop.escalated";

    /// <summary>A target is held by a stop now, and was by none before.</summary>
    public const string GateClosed = "gate.closed";

    /// <summary>A target is held by no stop any more.</summary>
    public const string GateOpened = "gate.opened";

    /// <summary>What a stop owes could not be met yet, or fails in another way than before.</summary>
    public const string ObligationUnmet = "obligation.unmet";

    /// <summary>What was unmet is met by evidence.</summary>
    public const string ObligationMet = "obligation.met";

    /// <summary>What was met, or given up, is owed again.</summary>
    public const string ObligationReopened = "obligation.reopened";

    /// <summary>A debt was given up by name.</summary>
    public const string ObligationWaived = "obligation.waived";

    /// <summary>A strategy was paused by a stop.</summary>
    public const string StrategyPaused = "strategy.paused";

    /// <summary>A strategy was resumed.</summary>
    public const string StrategyResumed = "strategy.resumed";

    /// <summary>A risk rule has reached a warning level.</summary>
    public const string RiskWarned = "risk.warned";

    /// <summary>A risk rule is broken: a warning, or a stop that follows.</summary>
    public const string RiskBreached = "risk.breached";

    /// <summary>A risk rule in shadow is broken: what it would have done is recorded only.</summary>
    public const string RiskShadowBreached = "risk.shadow_breached";

    /// <summary>A risk rule measures anew, after the release of its stop.</summary>
    public const string RiskRebased = "risk.rebased";

    /// <summary>A risk rule threw while it was judged.</summary>
    public const string RiskRuleFailed = "risk.rule_failed";

    /// <summary>A version of a risk rule was written.</summary>
    public const string RiskRuleWritten = "risk.rule_written";

    /// <summary>A risk rule was taken away.</summary>
    public const string RiskRuleDeleted = "risk.rule_deleted";

    /// <summary>A dead-man's switch was armed, or its terms were changed.</summary>
    public const string HeartbeatArmed = "heartbeat.armed";

    /// <summary>A dead-man's switch has fired.</summary>
    public const string HeartbeatMissed = "heartbeat.missed";

    /// <summary>A dead-man's switch was disarmed by name.</summary>
    public const string HeartbeatDisarmed = "heartbeat.disarmed";

    /// <summary>The types that this service accepts from outside.</summary>
    public static ImmutableArray<string> Accepted { get; } = [EmergencyStopRequested];

    /// <summary>How urgent a type is.</summary>
    public static EventPriority PriorityOf(string type) => type == EmergencyStopRequested ? EventPriority.Critical : EventPriority.Normal;
}
