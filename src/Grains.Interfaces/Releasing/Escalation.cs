using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Releasing;

/// <summary>Somebody asks a standing stop to close positions too.</summary>
/// <param name="Stop">Which.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in words; 1 to 500 characters.</param>
/// <param name="At">When it was asked (UTC).</param>
[GenerateSerializer, Immutable, Alias("escalate-request")]
public sealed record EscalateRequest(
    [property: Id(0)] StopId Stop,
    [property: Id(1)] Caller By,
    [property: Id(2)] string Reason,
    [property: Id(3)] DateTimeOffset At);

/// <summary>The answer to an escalation.</summary>
[GenerateSerializer, Immutable, Alias("escalate-answer")]
public abstract record EscalateAnswer
{
    private EscalateAnswer()
    {
    }

    /// <summary>It closes positions.</summary>
    /// <param name="Stop">The stop after it.</param>
    /// <param name="Repeated">Whether it did so before; then nothing changed.</param>
    [GenerateSerializer, Immutable, Alias("escalate-answer.escalated")]
    public sealed record Escalated([property: Id(0)] Stop Stop, [property: Id(1)] bool Repeated) : EscalateAnswer;

    /// <summary>No such stop.</summary>
    [GenerateSerializer, Immutable, Alias("escalate-answer.not-found")]
    public sealed record NotFound : EscalateAnswer;

    /// <summary>The caller may not.</summary>
    [GenerateSerializer, Immutable, Alias("escalate-answer.forbidden")]
    public sealed record Forbidden([property: Id(0)] string Why) : EscalateAnswer;

    /// <summary>It holds no latch any more, or leaves orders resting, which could open a position again.</summary>
    [GenerateSerializer, Immutable, Alias("escalate-answer.cannot")]
    public sealed record Cannot([property: Id(0)] Stop Stop, [property: Id(1)] string Why) : EscalateAnswer;
}
