namespace EmergencyStop.Client;

/// <summary>How a stop is done. What is left out is the service's default.</summary>
public sealed record StopOptions
{
    /// <summary>Why, as a code; default <see cref="EmergencyStopReason.UserInitiated"/>.</summary>
    public EmergencyStopReason? ReasonCode { get; init; }

    /// <summary>Bring every order in scope to a proven end; default true.</summary>
    public bool? CancelOrders { get; init; }

    /// <summary>Pause the strategies in scope; default true, false with <see cref="CancelOnly"/>.</summary>
    public bool? PauseStrategies { get; init; }

    /// <summary>Close the positions in scope once the cancels are confirmed; default false, true for a panic. Needs <see cref="CancelOrders"/>.</summary>
    public bool? ClosePositions { get; init; }

    /// <summary>Leave protective orders until the position is flat; default false.</summary>
    public bool? KeepProtective { get; init; }

    /// <summary>Cancel what is there now and hold nothing; default false.</summary>
    public bool? CancelOnly { get; init; }

    /// <summary>Parts of the target that trade on: <c>USER:alice</c>, <c>STRATEGY:s1</c>, <c>SYMBOL:BTC-USD</c> or <c>USER:alice/SYMBOL:BTC-USD</c>; a risk officer only. A panic takes none.</summary>
    public IReadOnlyList<string>? Except { get; init; }

    /// <summary>How long the service waits for the end before it answers with the result so far; the stop goes on either way.</summary>
    /// <value>0 to 60 s, in whole milliseconds; default 5 s, the service's own unless it is set otherwise.</value>
    public TimeSpan? Wait { get; init; }

    /// <summary>The caller's own name for this press: the same key again, with the same target, reason and options, is the same stop with its current result.</summary>
    /// <value>1 to 128 visible ASCII characters; default a new one for each call. <see cref="Wait"/> may differ from call to call.</value>
    public string? IdempotencyKey { get; init; }
}

/// <summary>A stop as it is sent; the wait goes into the query, so that a later call under the same key may wait differently.</summary>
internal sealed record StopBody(
    string? Reason,
    EmergencyStopScope? Scope,
    string? UserId,
    string? StrategyId,
    string? Symbol,
    EmergencyStopReason? ReasonCode,
    bool? CancelOrders,
    bool? PauseStrategies,
    bool? ClosePositions,
    bool? KeepProtective,
    bool? CancelOnly,
    IReadOnlyList<string>? Except)
{
    public static StopBody Of(StopTarget target, string? reason, StopOptions options) => new(
        reason,
        target.Scope,
        target.UserId,
        target.StrategyId,
        target.Symbol,
        options.ReasonCode,
        options.CancelOrders,
        options.PauseStrategies,
        options.ClosePositions,
        options.KeepProtective,
        options.CancelOnly,
        options.Except);
}
