using System.Collections.Immutable;
using EmergencyStop.Api.Releasing;
using EmergencyStop.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Stopping;

/// <summary>What a stop has come to so far.</summary>
public record StopResponse
{
    internal StopResponse(EmergencyStopResult result)
    {
        Success = result.Success;
        State = result.State;
        Message = result.Message;
        StopId = result.StopId;
        OrdersCancelled = result.OrdersCancelled;
        StrategiesPaused = result.StrategiesPaused;
        PositionsClosed = result.PositionsClosed;
        ExecutionTimeMs = result.ExecutionTimeMs;
        GateClosedMs = result.GateClosedMs;
        Outstanding = [.. result.Outstanding.Select(o => new OutcomeResponse(o))];
        Errors = result.Errors;
        UnprotectedPositions = result.UnprotectedPositions;
        Recorded = result.Recorded;
        Gate = result.Gate;
        LatchedTargets = result.LatchedTargets;
        Warnings = result.Warnings.IsDefault ? [] : result.Warnings;
    }

    /// <summary>True only for <c>completed</c>.</summary>
    public bool Success { get; }

    /// <summary>How far it is.</summary>
    public StopState State { get; }

    /// <summary>The same in a sentence.</summary>
    public string Message { get; }

    /// <summary>The stop.</summary>
    public StopId StopId { get; }

    /// <summary>Orders confirmed as cancelled, or never sent.</summary>
    public int OrdersCancelled { get; }

    /// <summary>Strategies paused.</summary>
    public int StrategiesPaused { get; }

    /// <summary>Positions closed.</summary>
    public int PositionsClosed { get; }

    /// <summary>From the press to the last state.</summary>
    public double ExecutionTimeMs { get; }

    /// <summary>From the press to the closed gate.</summary>
    public double GateClosedMs { get; }

    /// <summary>What is unmet; it is tried again until met.</summary>
    public ImmutableArray<OutcomeResponse> Outstanding { get; }

    /// <summary>The same in sentences, at most 100.</summary>
    public ImmutableArray<string> Errors { get; }

    /// <summary>Positions left without their protective order: <c>account/symbol</c>.</summary>
    public ImmutableArray<string> UnprotectedPositions { get; }

    /// <summary>Whether the ledger has it. If not, it holds in the process that took it, cancels at the venues, and is recorded once the ledger returns.</summary>
    public bool Recorded { get; }

    /// <summary>What is proven of its hold on the gate: <c>closed</c> by the ledger, <c>unproven</c> while it is not recorded, <c>open</c> when it holds nothing.</summary>
    public GateHold Gate { get; }

    /// <summary>What it holds closed now: its target; fewer once it was released in part; nothing once it was released.</summary>
    public ImmutableArray<StopTarget> LatchedTargets { get; }

    /// <summary>What the stop cannot guarantee: in accounts where other programs place orders.</summary>
    public ImmutableArray<string> Warnings { get; }
}

/// <summary>One stop with every outcome.</summary>
public sealed record StopDetailResponse : StopResponse
{
    internal StopDetailResponse(
        Stop stop, ImmutableArray<ItemOutcome> outcomes, ImmutableArray<NoticeOutcome> notices, DateTimeOffset now, ImmutableArray<string> warnings)
        : this(stop, outcomes, notices, EmergencyStopResult.From(stop, outcomes, now, warnings))
    {
    }

    internal StopDetailResponse(UnrecordedStop unrecorded)
        : this(unrecorded.Stop, unrecorded.Outcomes, [], unrecorded.Result)
    {
    }

    private StopDetailResponse(Stop stop, ImmutableArray<ItemOutcome> outcomes, ImmutableArray<NoticeOutcome> notices, EmergencyStopResult result)
        : base(result)
    {
        Target = stop.Target;
        Scope = stop.Target.Scope;
        Reason = stop.Request.Reason;
        ReasonCode = stop.Request.ReasonCode;
        RequestedBy = stop.Request.RequestedBy.DisplayName;
        RequestedAt = stop.Request.RequestedAt;
        ReleasedAt = stop.Release?.At;
        ReleasedBy = stop.Release?.By;
        ReleaseReason = stop.Release?.Reason;
        HoldsGate = stop.HoldsLatch;
        Clocks = new(stop.Clocks);
        Options = new(stop.Options);
        Outcomes = [.. outcomes.Select(o => new OutcomeResponse(o))];
        Notices = [.. notices.Select(n => new NoticeResponse(n))];
        Except = CarveOutResponse.InForce(stop);
    }

    /// <summary>The parts of its target that may trade nevertheless.</summary>
    public ImmutableArray<CarveOutResponse> Except { get; }

    /// <summary>What it stops.</summary>
    public StopTarget Target { get; }

    /// <summary>The kind of target.</summary>
    public EmergencyStopScope Scope { get; }

    /// <summary>Why, in words.</summary>
    public string Reason { get; }

    /// <summary>Why, as a code.</summary>
    public EmergencyStopReason ReasonCode { get; }

    /// <summary>Who engaged it.</summary>
    public string RequestedBy { get; }

    /// <summary>When the press arrived.</summary>
    public DateTimeOffset RequestedAt { get; }

    /// <summary>When it was released; null while it holds.</summary>
    public DateTimeOffset? ReleasedAt { get; }

    /// <summary>Who released it.</summary>
    public string? ReleasedBy { get; }

    /// <summary>Why it was released.</summary>
    public string? ReleaseReason { get; }

    /// <summary>Whether it holds its target's gate closed now.</summary>
    public bool HoldsGate { get; }

    /// <summary>The five clocks.</summary>
    public ClocksResponse Clocks { get; }

    /// <summary>What it does beside closing the gate.</summary>
    public OptionsResponse Options { get; }

    /// <summary>What became of everything it owes, one entry per item.</summary>
    public ImmutableArray<OutcomeResponse> Outcomes { get; }

    /// <summary>Which strategies with a <c>callback_url</c> were told, and when, or why not. A pause holds whether or not its strategy was told.</summary>
    public ImmutableArray<NoticeResponse> Notices { get; }
}

/// <summary>What a stop does beside closing the gate.</summary>
/// <param name="CancelOrders">It brings every order in scope to a proven end.</param>
/// <param name="PauseStrategies">It pauses the strategies in scope.</param>
/// <param name="ClosePositions">It closes the positions in scope.</param>
/// <param name="KeepProtective">It leaves protective orders until the position is flat.</param>
/// <param name="CancelOnly">It holds nothing.</param>
public sealed record OptionsResponse(bool CancelOrders, bool PauseStrategies, bool ClosePositions, bool KeepProtective, bool CancelOnly)
{
    internal OptionsResponse(StopOptions o)
        : this(o.CancelOrders, o.PauseStrategies, o.ClosePositions, o.KeepProtective, o.CancelOnly)
    {
    }
}

/// <summary>What became of one thing that a stop owes.</summary>
/// <param name="Kind">What is owed.</param>
/// <param name="Item">Which: an order id, a strategy id, <c>account/symbol</c>, or an account.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="DurationMs">From the first act on it to that.</param>
/// <param name="FilledQuantity">Orders: how much had traded; positions: how much was closed.</param>
/// <param name="Phase">Unknown and failed: how far it came.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextTry">Unmet: when it is tried next.</param>
/// <param name="At">When the outcome was learned.</param>
/// <param name="Inferred">Only for <c>never_sent</c>: concluded after the send window, not attested by the sender.</param>
public sealed record OutcomeResponse(
    ObligationKind Kind,
    string Item,
    OutcomeKind Outcome,
    double DurationMs,
    decimal? FilledQuantity,
    string? Phase,
    string? Reason,
    int Attempts,
    DateTimeOffset? NextTry,
    DateTimeOffset At,
    bool Inferred)
{
    internal OutcomeResponse(ItemOutcome o)
        : this(
            o.Kind, o.Item, o.Outcome, Milliseconds.Of(o.Duration), o.FilledQuantity, o.Phase, o.Reason, o.Attempts, o.NextTry, o.At, o.Inferred)
    {
    }
}

/// <summary>The five clocks of a stop, each from the press; null until it has run, or when there was nothing to time.</summary>
/// <param name="GateClosedMs">The gate is closed.</param>
/// <param name="LastNewOrderSentMs">The last order admitted before the stop left for its venue.</param>
/// <param name="LastCancelSentMs">The last cancel was sent.</param>
/// <param name="CancelsConfirmedMs">Every order owed is at its proven end.</param>
/// <param name="FlatMs">Every position asked for is closed.</param>
public sealed record ClocksResponse(
    double? GateClosedMs, double? LastNewOrderSentMs, double? LastCancelSentMs, double? CancelsConfirmedMs, double? FlatMs)
{
    internal ClocksResponse(StopClocks c)
        : this(
            Milliseconds.Of(c.GateClosed),
            Milliseconds.Of(c.LastNewOrderSent),
            Milliseconds.Of(c.LastCancelSent),
            Milliseconds.Of(c.CancelsConfirmed),
            Milliseconds.Of(c.Flat))
    {
    }
}

/// <summary>Times as milliseconds with three decimals.</summary>
internal static class Milliseconds
{
    public static double Of(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    public static double? Of(TimeSpan? time) => time is { } t ? Of(t) : null;
}
