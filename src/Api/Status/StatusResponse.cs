using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Api.Status;

/// <summary>How the service is, in one word.</summary>
public enum SystemStatus
{
    /// <summary>Nothing is known to be wrong.</summary>
    Operational,

    /// <summary>A SYSTEM stop holds everything closed.</summary>
    Stopped,

    /// <summary>The ledger cannot be written, a venue is down or silent, or a stop is outstanding.</summary>
    Degraded,
}

/// <summary>How the service is.</summary>
/// <param name="SystemStatus">In one word.</param>
/// <param name="TotalEmergencyStops">Stops ever engaged.</param>
/// <param name="SuccessRate">Percent of the stops that are not working which are completed; 100 when there is none.</param>
/// <param name="ActiveStops">Latches held.</param>
/// <param name="Working">Stops whose flow is under way.</param>
/// <param name="Outstanding">Stops with unmet obligations.</param>
/// <param name="Host">Which host runs the grains.</param>
/// <param name="Ledger">How the ledger is.</param>
/// <param name="Venues">How the links to the venues are.</param>
/// <param name="GateNumber">The last number drawn, as of this process's view of the gate.</param>
/// <param name="Unrecorded">Stops that hold in this process and are not in the ledger yet: nothing is admitted until they are.</param>
/// <param name="LatchedTargets">What is held closed now, at most 100, by name.</param>
public sealed record StatusResponse(
    SystemStatus SystemStatus,
    long TotalEmergencyStops,
    double SuccessRate,
    int ActiveStops,
    long Working,
    long Outstanding,
    string Host,
    LedgerHealth Ledger,
    ImmutableArray<VenueStatus> Venues,
    long GateNumber,
    ImmutableArray<StopId> Unrecorded,
    ImmutableArray<StopTarget> LatchedTargets)
{
    private const int MostTargets = 100;

    /// <summary>Puts the figures together. Pure.</summary>
    internal static StatusResponse Of(
        StopCounts counts, GateView gate, LedgerHealth ledger, ImmutableArray<VenueStatus> venues, ServiceHost host, ImmutableArray<StopId> unrecorded)
    {
        var finished = counts.Total - counts.Working;
        var degraded = !ledger.Writable || !unrecorded.IsEmpty || counts.Outstanding > 0 || venues.Any(v => v.InTrouble());
        return new(
            gate.On(StopTarget.System).Length > 0 ? SystemStatus.Stopped : degraded ? SystemStatus.Degraded : SystemStatus.Operational,
            counts.Total,
            finished <= 0 ? 100 : Math.Round(100.0 * counts.Completed / finished, 2),
            gate.Held,
            counts.Working,
            counts.Outstanding,
            host.Name,
            ledger,
            venues,
            gate.Number,
            unrecorded,
            [.. gate.Latches.Select(l => l.Target).Distinct().OrderBy(t => t.Value, StringComparer.Ordinal).Take(MostTargets)]);
    }
}
