namespace EmergencyStop.Client;

/// <summary>What a release came to.</summary>
/// <param name="StopId">The stop.</param>
/// <param name="Target">What it held: <c>USER:alice</c>.</param>
/// <param name="ReleasedAt">When it was lifted (UTC).</param>
/// <param name="ReleasedBy">By whom.</param>
/// <param name="Reason">Why.</param>
/// <param name="GateOpen">Whether no other stop covers the same target now.</param>
/// <param name="StillHeld">Latches of other stops that still cover the same target.</param>
/// <param name="StillPaused">Strategies that this stop paused and that stay so until each is resumed; empty when the stop had been released before.</param>
public sealed record ReleaseResult(
    string StopId,
    string Target,
    DateTimeOffset? ReleasedAt,
    string? ReleasedBy,
    string? Reason,
    bool GateOpen,
    IReadOnlyList<Latch> StillHeld,
    IReadOnlyList<string> StillPaused)
{
    /// <summary>What this stop itself still holds; empty once it is released.</summary>
    public IReadOnlyList<string> LatchedTargets { get; init; } = [];

    /// <summary>What it is still owed; empty once it is released.</summary>
    public IReadOnlyList<StopOutcome> Outstanding { get; init; } = [];
}

/// <summary>A release as it is sent.</summary>
internal sealed record ReleaseBody(string Reason, bool? ResumeStrategies, bool? DespiteOutstanding);
