using System.Collections.Immutable;
using EmergencyStop.Risk;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>Switches are tested with the real service; here there are none.</summary>
internal sealed class ScriptedHeartbeats : IHeartbeats
{
    public ValueTask<Heartbeat?> BeatAsync(HeartbeatName name, HeartbeatTerms terms, string by, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Heartbeat?> DisarmAsync(HeartbeatName name, string by, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<HeartbeatSight>> AllAsync(CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<HeartbeatSight>.Empty);
}
