using System.Collections.Immutable;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Stopping;

/// <summary>For a host in which every order goes through the gate.</summary>
internal sealed class NoStopWarnings : IStopWarnings
{
    /// <inheritdoc/>
    public ImmutableArray<string> Of(StopTarget target, StopOptions options) => [];
}
