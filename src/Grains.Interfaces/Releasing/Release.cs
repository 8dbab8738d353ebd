using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Releasing;

/// <summary>Somebody asks to lift one stop.</summary>
/// <param name="Stop">Which.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in words; 1 to 500 characters.</param>
/// <param name="ResumeStrategies">Resume the strategies that this stop paused; a risk officer only.</param>
/// <param name="At">When it was asked (UTC).</param>
[GenerateSerializer, Immutable, Alias("release-request")]
public sealed record ReleaseRequest(
    [property: Id(0)] StopId Stop,
    [property: Id(1)] Caller By,
    [property: Id(2)] string Reason,
    [property: Id(3)] bool ResumeStrategies,
    [property: Id(4)] DateTimeOffset At)
{
    /// <summary>Open what owes nothing although something is owed: who owes stays latched and chased. A risk officer only.</summary>
    [Id(5)]
    public bool DespiteOutstanding { get; init; }
}

/// <summary>The answer to a release.</summary>
[GenerateSerializer, Immutable, Alias("release-answer")]
public abstract record ReleaseAnswer
{
    private ReleaseAnswer()
    {
    }

    /// <summary>Lifted now.</summary>
    /// <param name="Stop">The stop, with its release.</param>
    /// <param name="StillHeld">Latches of other stops that still cover the same target: the state after it (F20).</param>
    /// <param name="StillPaused">Strategies that this stop paused and that stay so until each is resumed.</param>
    [GenerateSerializer, Immutable, Alias("release-answer.released")]
    public sealed record Released(
        [property: Id(0)] Stop Stop,
        [property: Id(1)] ImmutableArray<Latch> StillHeld,
        [property: Id(2)] ImmutableArray<StrategyId> StillPaused) : ReleaseAnswer;

    /// <summary>It had been lifted before; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("release-answer.already-released")]
    public sealed record AlreadyReleased([property: Id(0)] Stop Stop) : ReleaseAnswer;

    /// <summary>No such stop.</summary>
    [GenerateSerializer, Immutable, Alias("release-answer.not-found")]
    public sealed record NotFound : ReleaseAnswer;

    /// <summary>The caller may not lift this stop.</summary>
    [GenerateSerializer, Immutable, Alias("release-answer.forbidden")]
    public sealed record Forbidden([property: Id(0)] string Why) : ReleaseAnswer;

    /// <summary>It holds no latch (<c>cancel_only</c>): there is nothing to lift.</summary>
    [GenerateSerializer, Immutable, Alias("release-answer.holds-nothing")]
    public sealed record HoldsNothing([property: Id(0)] Stop Stop) : ReleaseAnswer;

    /// <summary>Its flow is still under way.</summary>
    [GenerateSerializer, Immutable, Alias("release-answer.working")]
    public sealed record Working([property: Id(0)] Stop Stop) : ReleaseAnswer;

    /// <summary>It was narrowed: who still owes something stays latched, the rest is open. It is not released.</summary>
    /// <param name="Stop">The stop, with what it still holds.</param>
    /// <param name="Items">What is owed still.</param>
    [GenerateSerializer, Immutable, Alias("release-answer.narrowed")]
    public sealed record Narrowed(
        [property: Id(0)] Stop Stop,
        [property: Id(1)] ImmutableArray<ItemOutcome> Items) : ReleaseAnswer;

    /// <summary>Something is owed, and the stop cannot be narrowed to it.</summary>
    [GenerateSerializer, Immutable, Alias("release-answer.cannot-narrow")]
    public sealed record CannotNarrow([property: Id(0)] Stop Stop, [property: Id(1)] string Why) : ReleaseAnswer;

    /// <summary>At least one obligation is open or unknown.</summary>
    [GenerateSerializer, Immutable, Alias("release-answer.outstanding")]
    public sealed record Outstanding(
        [property: Id(0)] Stop Stop,
        [property: Id(1)] ImmutableArray<ItemOutcome> Items) : ReleaseAnswer;
}
