using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Stopping;

/// <summary>A page of the history, newest first.</summary>
/// <param name="History">The stops.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record HistoryResponse(ImmutableArray<HistoryEntry> History, string? NextCursor);

/// <summary>One stop in the history.</summary>
/// <param name="StopId">The stop.</param>
/// <param name="UserId">Whose book it was; null for SYMBOL and SYSTEM.</param>
/// <param name="Scope">The kind of target.</param>
/// <param name="Target">What it stopped.</param>
/// <param name="Reason">Why, as a code.</param>
/// <param name="Message">Why, in words.</param>
/// <param name="Success">True only for <c>completed</c>.</param>
/// <param name="State">How far it is.</param>
/// <param name="OrdersCancelled">Cancelled and never-sent orders.</param>
/// <param name="StrategiesPaused">Paused strategies.</param>
/// <param name="PositionsClosed">Closed positions.</param>
/// <param name="ExecutionTimeMs">From the press to the last state.</param>
/// <param name="RequestedBy">Who engaged it.</param>
/// <param name="RequestedAt">When the press arrived.</param>
/// <param name="ReleasedAt">When it was released; null while it holds.</param>
/// <param name="LatchedTargets">What it holds closed now.</param>
public sealed record HistoryEntry(
    StopId StopId,
    UserId? UserId,
    EmergencyStopScope Scope,
    StopTarget Target,
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
    DateTimeOffset? ReleasedAt,
    ImmutableArray<StopTarget> LatchedTargets)
{
    internal HistoryEntry(StopSummary s, DateTimeOffset now)
        : this(
            s.Stop.Id,
            s.User,
            s.Stop.Target.Scope,
            s.Stop.Target,
            s.Stop.Request.ReasonCode,
            s.Stop.Request.Reason,
            s.Stop.State == StopState.Completed,
            s.Stop.State,
            s.OrdersCancelled,
            s.StrategiesPaused,
            s.PositionsClosed,
            Milliseconds.Of((s.Stop.State == StopState.Working ? now : s.Stop.FinishedAt ?? now) - s.Stop.Request.RequestedAt),
            s.Stop.Request.RequestedBy.DisplayName,
            s.Stop.Request.RequestedAt,
            s.Stop.Release?.At,
            s.Stop.LatchedTargets)
    {
    }
}

/// <summary>What a stop would touch.</summary>
/// <param name="Target">The target.</param>
/// <param name="Orders">Active orders that would be cancelled.</param>
/// <param name="Users">Users whose orders they are.</param>
/// <param name="Strategies">Strategies that would be paused.</param>
/// <param name="Positions">Positions in scope: <c>account/symbol</c>.</param>
/// <param name="UnprotectedPositions">Positions that would lose their protective order.</param>
/// <param name="Latches">Latches that already hold on the target.</param>
/// <param name="Sentences">The same for people.</param>
public sealed record PreviewResponse(
    StopTarget Target,
    int Orders,
    int Users,
    ImmutableArray<StrategyId> Strategies,
    ImmutableArray<string> Positions,
    ImmutableArray<string> UnprotectedPositions,
    ImmutableArray<LatchResponse> Latches,
    ImmutableArray<string> Sentences)
{
    internal PreviewResponse(StopPreview p)
        : this(
            p.Target,
            p.Orders,
            p.Users,
            p.Strategies,
            p.Positions,
            p.UnprotectedPositions,
            [.. p.Latches.Select(l => new LatchResponse(l))],
            p.Sentences)
    {
    }
}

/// <summary>One stop's hold on one target's gate.</summary>
/// <param name="StopId">The stop.</param>
/// <param name="Target">What it holds closed.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="ReasonCode">Why, as a code.</param>
/// <param name="Since">Since when.</param>
/// <param name="By">Who engaged it.</param>
/// <param name="Except">The parts of its stop's target that may trade nevertheless.</param>
public sealed record LatchResponse(
    StopId StopId, StopTarget Target, string Reason, EmergencyStopReason ReasonCode, DateTimeOffset Since, string By, ImmutableArray<StopTarget> Except)
{
    internal LatchResponse(Latch l)
        : this(l.Stop, l.Target, l.Reason, l.ReasonCode, l.Since, l.By, l.Except.IsDefault ? [] : l.Except)
    {
    }

    internal LatchResponse(Stop s)
        : this(s.Id, s.Target, s.Request.Reason, s.Request.ReasonCode, s.Request.RequestedAt, s.Request.RequestedBy.DisplayName, [.. s.CarveOuts.Where(c => c.IsInForce).Select(c => c.Target)])
    {
    }
}
