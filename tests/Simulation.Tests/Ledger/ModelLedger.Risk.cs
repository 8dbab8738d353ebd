using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Risk rules, what their guards keep, and the dead-man's switches.</content>
public sealed partial class ModelLedger
{
    /// <inheritdoc/>
    public Task<RiskWriteAnswer> WriteRiskRulesAsync(ImmutableArray<RiskRuleWrite> writes, CancellationToken cancellationToken) =>
        Commit("write risk rules", () => _store.WriteRules(writes), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<RiskRuleVersion>> RiskRulesAsync(CancellationToken cancellationToken) =>
        Read("risk rules", () => _store.Rules, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<RiskRuleVersion>> RiskRuleVersionsAsync(RiskRuleId rule, CancellationToken cancellationToken) =>
        Read("risk rule versions", () => _store.RuleVersions(rule), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<RiskWatch>> RiskWatchesAsync(UserId? user, CancellationToken cancellationToken) =>
        Read("risk watches", () => _store.Watches(user), cancellationToken);

    /// <inheritdoc/>
    public Task<RiskWatch?> SaveRiskWatchAsync(RiskWatch watch, AuditEntry? entry, CancellationToken cancellationToken) =>
        Commit("save risk watch", () => _store.SaveWatch(watch, entry), cancellationToken);

    /// <inheritdoc/>
    public Task<Heartbeat?> ArmHeartbeatAsync(HeartbeatName name, HeartbeatTerms terms, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("arm heartbeat", () => _store.ArmHeartbeat(name, terms, by, at), cancellationToken);

    /// <inheritdoc/>
    public Task BeatAsync(ImmutableArray<HeartbeatBeats> beats, CancellationToken cancellationToken) =>
        Commit("beat", () => _store.Beat(beats), cancellationToken);

    /// <inheritdoc/>
    public Task<Heartbeat?> MissHeartbeatAsync(Heartbeat seen, string words, bool owesStop, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("miss heartbeat", () => _store.MissHeartbeat(seen, words, owesStop, at), cancellationToken);

    /// <inheritdoc/>
    public Task HeartbeatStoppedAsync(HeartbeatName name, long arming, StopId stop, CancellationToken cancellationToken) =>
        Commit("heartbeat stopped", () => _store.HeartbeatStopped(name, arming, stop), cancellationToken);

    /// <inheritdoc/>
    public Task<Heartbeat?> DisarmHeartbeatAsync(HeartbeatName name, string by, string reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("disarm heartbeat", () => _store.DisarmHeartbeat(name, by, reason, at), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Heartbeat>> HeartbeatsAsync(CancellationToken cancellationToken) =>
        Read("heartbeats", () => _store.Heartbeats, cancellationToken);
}
