using System.Globalization;
using EmergencyStop.Ledger.Audit;

namespace EmergencyStop.Ledger.Events;

/// <summary>What the audit says of a person's decision on an event that was set aside. Pure; the same for every ledger.</summary>
internal static class SetAsideAudit
{
    /// <summary>The entry; <c>null</c> for what the dispatcher does by itself.</summary>
    public static AuditEntry? Of(EventSetAside before, SetAsideChange change) => change.By is not { } by ? null : new(
        change.At,
        by,
        change.To == SetAsideState.Dismissed ? "event.dismissed" : "event.retried",
        before.Number.ToString(CultureInfo.InvariantCulture),
        AuditDetails.Of(
            ("consumer", before.Consumer), ("source", before.Source), ("event_id", before.EventId), ("type", before.Type),
            ("subject", before.Subject), ("why", before.Why), ("reason", change.Reason)));
}
