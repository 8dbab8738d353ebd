namespace EmergencyStop.Client;

/// <summary>What a stop has come to so far.</summary>
public record StopResult
{
    /// <summary>True only for <see cref="StopState.Completed"/>.</summary>
    public required bool Success { get; init; }

    /// <summary>How far it is.</summary>
    public required StopState State { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The stop.</summary>
    public required string StopId { get; init; }

    /// <summary>Orders confirmed as cancelled, or never sent.</summary>
    public required int OrdersCancelled { get; init; }

    /// <summary>Strategies paused.</summary>
    public required int StrategiesPaused { get; init; }

    /// <summary>Positions closed.</summary>
    public required int PositionsClosed { get; init; }

    /// <summary>From the press to the last state, in milliseconds.</summary>
    public required double ExecutionTimeMs { get; init; }

    /// <summary>From the press to the closed gate, in milliseconds.</summary>
    public required double GateClosedMs { get; init; }

    /// <summary>What is unmet; it is tried again until met.</summary>
    public IReadOnlyList<StopOutcome> Outstanding { get; init; } = [];

    /// <summary>The same in sentences, at most 100.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Positions left without their protective order: <c>account/symbol</c>.</summary>
    public IReadOnlyList<string> UnprotectedPositions { get; init; } = [];

    /// <summary>Whether the ledger has it. If not, it holds in the one process that took it, cancels at the venues, and is recorded when the ledger returns: watch it until it is.</summary>
    public bool Recorded { get; init; } = true;

    /// <summary>What is proven of its hold on the gate.</summary>
    public StopGate Gate { get; init; }

    /// <summary>What it holds closed now: its target; fewer once it was released in part; nothing once it was released.</summary>
    public IReadOnlyList<string> LatchedTargets { get; init; } = [];

    /// <summary>What the stop cannot guarantee, in sentences: in accounts where other programs place orders.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>One stop with every outcome.</summary>
public sealed record StopDetail : StopResult
{
    /// <summary>What it stops: <c>USER:alice</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The kind of target.</summary>
    public required EmergencyStopScope Scope { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Why, as a code.</summary>
    public required EmergencyStopReason ReasonCode { get; init; }

    /// <summary>Who engaged it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When the press arrived (UTC).</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it was released; null while it holds.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Who released it.</summary>
    public string? ReleasedBy { get; init; }

    /// <summary>Why it was released.</summary>
    public string? ReleaseReason { get; init; }

    /// <summary>Whether it holds its target's gate closed now.</summary>
    public required bool HoldsGate { get; init; }

    /// <summary>The five clocks.</summary>
    public required StopClocks Clocks { get; init; }

    /// <summary>What it does beside closing the gate.</summary>
    public required StopDeeds Options { get; init; }

    /// <summary>What became of everything it owes, one entry per item.</summary>
    public IReadOnlyList<StopOutcome> Outcomes { get; init; } = [];

    /// <summary>The parts of its target that may trade nevertheless.</summary>
    public IReadOnlyList<CarveOut> Except { get; init; } = [];

    /// <summary>Which strategies with a callback URL were told, and when, or why not. A pause holds whether or not its strategy was told.</summary>
    public IReadOnlyList<StopNotice> Notices { get; init; } = [];
}

/// <summary>What became of one thing that a stop owes.</summary>
/// <param name="Kind">What is owed.</param>
/// <param name="Item">Which: an order id, a strategy id, <c>account/symbol</c>, or an account.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="DurationMs">From the first act on it to that, in milliseconds.</param>
/// <param name="FilledQuantity">Orders: how much had traded; positions: how much was closed.</param>
/// <param name="Phase">Unknown and failed: how far it came.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextTry">Unmet: when it is tried next (UTC).</param>
/// <param name="At">When the outcome was learned (UTC).</param>
/// <param name="Inferred">Only for <c>never_sent</c>: concluded after the send window, not attested by the sender.</param>
public sealed record StopOutcome(
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
    bool Inferred);

/// <summary>The five clocks of a stop, in milliseconds from the press; null until each has run, or when there was nothing to time.</summary>
/// <param name="GateClosedMs">The gate is closed.</param>
/// <param name="LastNewOrderSentMs">The last order admitted before the stop left for its venue.</param>
/// <param name="LastCancelSentMs">The last cancel was sent.</param>
/// <param name="CancelsConfirmedMs">Every order owed is at its proven end.</param>
/// <param name="FlatMs">Every position asked for is closed.</param>
public sealed record StopClocks(
    double? GateClosedMs, double? LastNewOrderSentMs, double? LastCancelSentMs, double? CancelsConfirmedMs, double? FlatMs);

/// <summary>What a stop does beside closing the gate.</summary>
/// <param name="CancelOrders">It brings every order in scope to a proven end.</param>
/// <param name="PauseStrategies">It pauses the strategies in scope.</param>
/// <param name="ClosePositions">It closes the positions in scope.</param>
/// <param name="KeepProtective">It leaves protective orders until the position is flat.</param>
/// <param name="CancelOnly">It holds nothing.</param>
public sealed record StopDeeds(bool CancelOrders, bool PauseStrategies, bool ClosePositions, bool KeepProtective, bool CancelOnly);
