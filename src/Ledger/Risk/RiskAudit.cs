using EmergencyStop.Events;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Risk;

namespace EmergencyStop.Ledger.Risk;

/// <summary>What the audit says of rules, watches and switches. Pure; the same for every ledger.</summary>
public static class RiskAudit
{
    private const string Service = "service";

    /// <summary>What has become of a watch.</summary>
    /// <param name="watch">The watch after it.</param>
    /// <param name="action">What, of <see cref="EventTypes"/>.</param>
    /// <param name="words">The figures, or why.</param>
    /// <param name="at">When (UTC).</param>
    public static AuditEntry Of(RiskWatch watch, string action, string words, DateTimeOffset at) => new(
        at, Service, action, watch.Rule.Value, AuditDetails.Of(
            ("version", watch.RuleVersion),
            ("user", watch.User.Value),
            ("strategy", watch.Strategy?.Value),
            ("level", watch.Level),
            ("episode", watch.Episode),
            ("words", words)));

    internal static AuditEntry Of(RiskRuleVersion version) => new(
        version.At,
        version.By,
        version.Deleted ? EventTypes.RiskRuleDeleted : EventTypes.RiskRuleWritten,
        version.Rule.Id.Value,
        AuditDetails.Of(("version", version.Version), ("source", version.Source.ToString()), ("reason", version.Reason), ("rule", RiskText.Write(version.Rule))));

    internal static AuditEntry Armed(Heartbeat heartbeat) => new(
        heartbeat.Since, heartbeat.By, EventTypes.HeartbeatArmed, heartbeat.Name.Value, AuditDetails.Of(
            ("target", heartbeat.Terms.Target.Value), ("timeout_ms", (long)heartbeat.Terms.Timeout.TotalMilliseconds), ("arming", heartbeat.Arming)));

    internal static AuditEntry Missed(Heartbeat heartbeat) => new(
        heartbeat.Since, Service, EventTypes.HeartbeatMissed, heartbeat.Name.Value, AuditDetails.Of(
            ("target", heartbeat.Terms.Target.Value), ("arming", heartbeat.Arming), ("words", heartbeat.Reason)));

    internal static AuditEntry Disarmed(Heartbeat heartbeat) => new(
        heartbeat.Since, heartbeat.By, EventTypes.HeartbeatDisarmed, heartbeat.Name.Value, AuditDetails.Of(
            ("target", heartbeat.Terms.Target.Value), ("reason", heartbeat.Reason)));
}
