using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Ledger.Rows;

/// <content>Risk rules, what their guards keep, and the dead-man's switches.</content>
public abstract partial class StoredLedger
{
    /// <inheritdoc/>
    public Task<RiskWriteAnswer> WriteRiskRulesAsync(ImmutableArray<RiskRuleWrite> writes, CancellationToken cancellationToken) =>
        Normal(transaction => RiskRows.Write(transaction, writes), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<RiskRuleVersion>> RiskRulesAsync(CancellationToken cancellationToken) =>
        ReadAsync(static session => RiskRows.All(session).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<RiskRuleVersion>> RiskRuleVersionsAsync(RiskRuleId rule, CancellationToken cancellationToken) =>
        ReadAsync(session => RiskRows.Versions(session, rule).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<RiskWatch>> RiskWatchesAsync(UserId? user, CancellationToken cancellationToken) =>
        ReadAsync(session => RiskRows.Watches(session, user).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<RiskWatch?> SaveRiskWatchAsync(RiskWatch watch, AuditEntry? entry, CancellationToken cancellationToken) =>
        Normal(transaction => RiskRows.Save(transaction, watch, entry), cancellationToken);

    /// <inheritdoc/>
    public Task<Heartbeat?> ArmHeartbeatAsync(HeartbeatName name, HeartbeatTerms terms, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(transaction => HeartbeatRows.Arm(transaction, name, terms, by, at), cancellationToken);

    /// <inheritdoc/>
    public Task BeatAsync(ImmutableArray<HeartbeatBeats> beats, CancellationToken cancellationToken) =>
        Normal(
            transaction =>
            {
                HeartbeatRows.Beat(transaction.Session, beats);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<Heartbeat?> MissHeartbeatAsync(Heartbeat seen, string words, bool owesStop, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(transaction => HeartbeatRows.Miss(transaction, seen, words, owesStop, at), cancellationToken);

    /// <inheritdoc/>
    public Task HeartbeatStoppedAsync(HeartbeatName name, long arming, StopId stop, CancellationToken cancellationToken) =>
        Normal(
            transaction =>
            {
                HeartbeatRows.Stopped(transaction.Session, name, arming, stop);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<Heartbeat?> DisarmHeartbeatAsync(HeartbeatName name, string by, string reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(transaction => HeartbeatRows.Disarm(transaction, name, by, reason, at), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Heartbeat>> HeartbeatsAsync(CancellationToken cancellationToken) =>
        ReadAsync(static session => HeartbeatRows.All(session).ToImmutableArray(), cancellationToken);
}
