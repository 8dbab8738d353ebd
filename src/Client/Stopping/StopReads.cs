namespace EmergencyStop.Client;

/// <summary>One stop in the history.</summary>
/// <param name="StopId">The stop.</param>
/// <param name="UserId">Whose book it was; null for SYMBOL and SYSTEM.</param>
/// <param name="Scope">The kind of target.</param>
/// <param name="Target">What it stopped: <c>USER:alice</c>.</param>
/// <param name="Reason">Why, as a code.</param>
/// <param name="Message">Why, in words.</param>
/// <param name="Success">True only for <see cref="StopState.Completed"/>.</param>
/// <param name="State">How far it is.</param>
/// <param name="OrdersCancelled">Cancelled and never-sent orders.</param>
/// <param name="StrategiesPaused">Paused strategies.</param>
/// <param name="PositionsClosed">Closed positions.</param>
/// <param name="ExecutionTimeMs">From the press to the last state, in milliseconds.</param>
/// <param name="RequestedBy">Who engaged it.</param>
/// <param name="RequestedAt">When the press arrived (UTC).</param>
/// <param name="ReleasedAt">When it was released (UTC); null while it holds.</param>
public sealed record HistoryEntry(
    string StopId,
    string? UserId,
    EmergencyStopScope Scope,
    string Target,
    EmergencyStopReason Reason,
    string Message,
    bool Success,
    StopState State,
    int OrdersCancelled,
    int StrategiesPaused,
    int PositionsClosed,
    double ExecutionTimeMs,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? ReleasedAt)
{
    /// <summary>What it holds closed now.</summary>
    public IReadOnlyList<string> LatchedTargets { get; init; } = [];
}

/// <summary>What a stop would touch.</summary>
/// <param name="Target">The target: <c>USER:alice</c>.</param>
/// <param name="Orders">Active orders that would be cancelled.</param>
/// <param name="Users">Users whose orders they are.</param>
/// <param name="Strategies">Strategies that would be paused.</param>
/// <param name="Positions">Positions in scope: <c>account/symbol</c>.</param>
/// <param name="UnprotectedPositions">Positions that would lose their protective order.</param>
/// <param name="Latches">Latches that already hold on the target.</param>
/// <param name="Sentences">The same for people.</param>
public sealed record StopPreview(
    string Target,
    int Orders,
    int Users,
    IReadOnlyList<string> Strategies,
    IReadOnlyList<string> Positions,
    IReadOnlyList<string> UnprotectedPositions,
    IReadOnlyList<Latch> Latches,
    IReadOnlyList<string> Sentences);

/// <summary>One stop's hold on one target's gate.</summary>
/// <param name="StopId">The stop.</param>
/// <param name="Target">What it holds closed.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="ReasonCode">Why, as a code.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="By">Who engaged it.</param>
public sealed record Latch(string StopId, string Target, string Reason, EmergencyStopReason ReasonCode, DateTimeOffset Since, string By)
{
    /// <summary>The parts of its stop's target that may trade nevertheless.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];
}

/// <summary>What kind of news about a stop this is.</summary>
public enum StopNews
{
    /// <summary>The result has changed, or is the first of a connection.</summary>
    Progress,

    /// <summary>Nothing has changed; the service still works on it.</summary>
    Heartbeat,

    /// <summary>The flow has been through; nothing follows.</summary>
    End,
}

/// <summary>News about a stop.</summary>
/// <param name="News">What kind.</param>
/// <param name="Result">The result so far.</param>
public sealed record StopProgress(StopNews News, StopResult Result);

/// <summary>A page of the history as it is received.</summary>
internal sealed record HistoryPage(IReadOnlyList<HistoryEntry> History, string? NextCursor);
