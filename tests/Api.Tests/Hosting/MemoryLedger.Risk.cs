using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Api.Tests.Hosting;

/// <content>Rules and switches are tested over the real ledger.</content>
internal sealed partial class MemoryLedger
{
    public Task<RiskWriteAnswer> WriteRiskRulesAsync(ImmutableArray<RiskRuleWrite> writes, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<RiskRuleVersion>> RiskRulesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<RiskRuleVersion>.Empty);

    public Task<ImmutableArray<RiskRuleVersion>> RiskRuleVersionsAsync(RiskRuleId rule, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<RiskRuleVersion>.Empty);

    public Task<ImmutableArray<RiskWatch>> RiskWatchesAsync(UserId? user, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<RiskWatch?> SaveRiskWatchAsync(RiskWatch watch, AuditEntry? entry, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Heartbeat?> ArmHeartbeatAsync(HeartbeatName name, HeartbeatTerms terms, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        throw GrainsOnly();

    public Task BeatAsync(ImmutableArray<HeartbeatBeats> beats, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Heartbeat?> MissHeartbeatAsync(Heartbeat seen, string words, bool owesStop, DateTimeOffset at, CancellationToken cancellationToken) =>
        throw GrainsOnly();

    public Task HeartbeatStoppedAsync(HeartbeatName name, long arming, StopId stop, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Heartbeat?> DisarmHeartbeatAsync(HeartbeatName name, string by, string reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        throw GrainsOnly();

    public Task<ImmutableArray<Heartbeat>> HeartbeatsAsync(CancellationToken cancellationToken) => throw GrainsOnly();
}
