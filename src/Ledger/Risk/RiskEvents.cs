using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Risk;

namespace EmergencyStop.Ledger.Risk;

/// <summary>What outsiders are told of rules, watches and switches: what the audit says, in the same commit. Pure; the same for every ledger.</summary>
public static class RiskEvents
{
    /// <summary>A rule threw while somebody was judged by it; it changes no row.</summary>
    public static LedgerEvent Failed(RiskRuleVersion version, UserId user, DateTimeOffset at) => new(
        EventTypes.RiskRuleFailed, version.Rule.Id.Value, at, EventAudience.Of(user), AuditDetails.Of(("version", version.Version), ("user", user.Value)));

    internal static LedgerEvent Of(RiskWatch watch, AuditEntry entry) => Of(entry, EventAudience.Of(watch.User));

    internal static LedgerEvent Of(RiskRuleVersion version, AuditEntry entry) => Of(entry, EventAudience.Of(version.Rule.User));

    /// <param name="heartbeat">The switch.</param>
    /// <param name="entry">What the audit says.</param>
    /// <param name="owner">For a strategy's switch: whose strategy it is.</param>
    internal static LedgerEvent Of(Heartbeat heartbeat, AuditEntry entry, UserId? owner) => Of(entry, EventAudience.Of(heartbeat.Terms.Target.User ?? owner));

    private static LedgerEvent Of(AuditEntry entry, EventAudience audience) => new(entry.Action, entry.Subject, entry.At, audience, entry.Details);
}
