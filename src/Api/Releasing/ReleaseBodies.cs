using System.Collections.Immutable;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Releasing;

/// <summary>Why a stop is lifted.</summary>
public sealed record ReleaseBody
{
    /// <summary>Why, in words; 1 to 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Resume the strategies that this stop paused; a risk officer only. Default false.</summary>
    public bool? ResumeStrategies { get; init; }

    /// <summary>Open what owes nothing although something is owed: whoever owes stays stopped and is chased. A risk officer only. Default false.</summary>
    public bool? DespiteOutstanding { get; init; }
}

/// <summary>What a release came to.</summary>
/// <param name="StopId">The stop.</param>
/// <param name="Target">What it held.</param>
/// <param name="ReleasedAt">When it was lifted.</param>
/// <param name="ReleasedBy">By whom.</param>
/// <param name="Reason">Why.</param>
/// <param name="GateOpen">Whether no other stop covers the same target now.</param>
/// <param name="StillHeld">Latches of other stops that still cover the same target.</param>
/// <param name="StillPaused">Strategies that this stop paused and that stay so until each is resumed; empty when the stop had been released before.</param>
/// <param name="LatchedTargets">What this stop itself still holds; empty once it is released.</param>
/// <param name="Outstanding">What it is still owed; empty once it is released.</param>
public sealed record ReleaseResponse(
    StopId StopId,
    StopTarget Target,
    DateTimeOffset? ReleasedAt,
    string? ReleasedBy,
    string? Reason,
    bool GateOpen,
    ImmutableArray<LatchResponse> StillHeld,
    ImmutableArray<StrategyId> StillPaused,
    ImmutableArray<StopTarget> LatchedTargets,
    ImmutableArray<OutcomeResponse> Outstanding)
{
    internal ReleaseResponse(Stop stop, ImmutableArray<Latch> stillHeld, ImmutableArray<StrategyId> stillPaused, ImmutableArray<ItemOutcome> outstanding = default)
        : this(
            stop.Id,
            stop.Target,
            stop.Release?.At,
            stop.Release?.By,
            stop.Release?.Reason,
            stillHeld.IsEmpty && stop.LatchedTargets.IsEmpty,
            [.. stillHeld.Select(l => new LatchResponse(l))],
            stillPaused,
            stop.LatchedTargets,
            outstanding.IsDefault ? [] : [.. outstanding.Select(o => new OutcomeResponse(o))])
    {
    }
}
