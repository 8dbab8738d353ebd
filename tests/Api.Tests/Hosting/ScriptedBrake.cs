using System.Collections.Immutable;
using EmergencyStop.Braking;
using EmergencyStop.Ids;

namespace EmergencyStop.Api.Tests.Hosting;

/// <summary>The brake as the API sees it, set by hand.</summary>
internal sealed class ScriptedBrake : IStopBrake
{
    public ImmutableArray<UnrecordedStop> Unrecorded { get; set; } = [];

    public UnrecordedStop? Find(StopId stop) => Unrecorded.FirstOrDefault(u => u.Stop.Id == stop);

    public StopId StandsAs(StopId stop) => stop;
}
