using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Releasing;

/// <summary>A risk officer lets a part of a stopped target trade, or puts it back.</summary>
/// <param name="Stop">Which stop.</param>
/// <param name="Target">Which part.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in words; 1 to 500 characters.</param>
/// <param name="At">When it was asked (UTC).</param>
[GenerateSerializer, Immutable, Alias("except-request")]
public sealed record ExceptRequest(
    [property: Id(0)] StopId Stop,
    [property: Id(1)] StopTarget Target,
    [property: Id(2)] Caller By,
    [property: Id(3)] string Reason,
    [property: Id(4)] DateTimeOffset At);

/// <summary>The answer to a carve-out, or to putting one back.</summary>
[GenerateSerializer, Immutable, Alias("except-answer")]
public abstract record ExceptAnswer
{
    private ExceptAnswer()
    {
    }

    /// <summary>It stands as asked.</summary>
    /// <param name="Stop">The stop after it.</param>
    /// <param name="Repeated">Whether it stood so before; then nothing changed.</param>
    [GenerateSerializer, Immutable, Alias("except-answer.done")]
    public sealed record Done([property: Id(0)] Stop Stop, [property: Id(1)] bool Repeated) : ExceptAnswer;

    /// <summary>No such stop.</summary>
    [GenerateSerializer, Immutable, Alias("except-answer.not-found")]
    public sealed record NotFound : ExceptAnswer;

    /// <summary>The caller may not do this.</summary>
    [GenerateSerializer, Immutable, Alias("except-answer.forbidden")]
    public sealed record Forbidden([property: Id(0)] string Why) : ExceptAnswer;

    /// <summary>The target is not a part of what the stop stopped.</summary>
    [GenerateSerializer, Immutable, Alias("except-answer.not-inside")]
    public sealed record NotInside([property: Id(0)] string Why) : ExceptAnswer;

    /// <summary>Nothing of that name was ever carved out of the stop.</summary>
    [GenerateSerializer, Immutable, Alias("except-answer.not-carved-out")]
    public sealed record NotCarvedOut([property: Id(0)] Stop Stop) : ExceptAnswer;

    /// <summary>The stop holds no latch, or was narrowed: there is nothing whole to carve from or to put back into.</summary>
    [GenerateSerializer, Immutable, Alias("except-answer.holds-nothing")]
    public sealed record HoldsNothing([property: Id(0)] Stop Stop, [property: Id(1)] string Why) : ExceptAnswer;

    /// <summary>Its flow is still under way.</summary>
    [GenerateSerializer, Immutable, Alias("except-answer.working")]
    public sealed record Working([property: Id(0)] Stop Stop) : ExceptAnswer;

    /// <summary>Something that is owed may be in the part.</summary>
    [GenerateSerializer, Immutable, Alias("except-answer.outstanding")]
    public sealed record Outstanding([property: Id(0)] Stop Stop, [property: Id(1)] ImmutableArray<ItemOutcome> Items) : ExceptAnswer;
}
