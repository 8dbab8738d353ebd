using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Strategies;

/// <summary>The answer to a resume.</summary>
[GenerateSerializer, Immutable, Alias("resume-answer")]
public abstract record ResumeAnswer
{
    private ResumeAnswer()
    {
    }

    /// <summary>It runs again.</summary>
    [GenerateSerializer, Immutable, Alias("resume-answer.resumed")]
    public sealed record Resumed([property: Id(0)] Strategy Strategy) : ResumeAnswer;

    /// <summary>It ran already; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("resume-answer.not-paused")]
    public sealed record NotPaused([property: Id(0)] Strategy Strategy) : ResumeAnswer;

    /// <summary>No such strategy.</summary>
    [GenerateSerializer, Immutable, Alias("resume-answer.not-found")]
    public sealed record NotFound : ResumeAnswer;

    /// <summary>A latch is held on a target within which it is paused: release the stop first.</summary>
    [GenerateSerializer, Immutable, Alias("resume-answer.gate-closed")]
    public sealed record GateClosed([property: Id(0)] Latch By) : ResumeAnswer;

    /// <summary>The caller may not resume it.</summary>
    [GenerateSerializer, Immutable, Alias("resume-answer.forbidden")]
    public sealed record Forbidden([property: Id(0)] string Why) : ResumeAnswer;
}
