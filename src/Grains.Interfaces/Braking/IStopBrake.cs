using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Braking;

/// <summary>Stops of this process that the ledger has not got: they hold in memory, and nothing is admitted meanwhile.</summary>
/// <remarks>Everything here is read from memory: it answers while the ledger is down.</remarks>
public interface IStopBrake
{
    /// <summary>Every stop that is not recorded yet, oldest press first.</summary>
    ImmutableArray<UnrecordedStop> Unrecorded { get; }

    /// <summary>One of them, or <c>null</c>.</summary>
    UnrecordedStop? Find(StopId stop);

    /// <summary>The id under which a stop is recorded: its own, or that of the stop which it turned out to repeat.</summary>
    StopId StandsAs(StopId stop);
}

/// <summary>A stop that the ledger has not got yet.</summary>
/// <param name="Stop">The stop, as it will be recorded; its number is not drawn yet.</param>
/// <param name="Outcomes">What the venues have shown of its orders, one per item.</param>
/// <param name="Result">What it has come to so far.</param>
public sealed record UnrecordedStop(Stop Stop, ImmutableArray<ItemOutcome> Outcomes, EmergencyStopResult Result);
