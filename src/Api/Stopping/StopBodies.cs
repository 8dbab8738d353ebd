using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Stopping;

/// <summary>What every stop may say; all of it may be left out.</summary>
public record StopBody
{
    /// <summary>Why, in words; at most 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Why, as a code; default <c>USER_INITIATED</c>.</summary>
    public EmergencyStopReason? ReasonCode { get; init; }

    /// <summary>Bring every order in scope to a proven end; default true.</summary>
    public bool? CancelOrders { get; init; }

    /// <summary>Pause the strategies in scope; default true, false with <c>cancel_only</c>.</summary>
    public bool? PauseStrategies { get; init; }

    /// <summary>Close the positions in scope once the cancels are confirmed; default false, true for panic. Needs <c>cancel_orders</c>.</summary>
    public bool? ClosePositions { get; init; }

    /// <summary>Leave protective orders until the position is flat; default false.</summary>
    public bool? KeepProtective { get; init; }

    /// <summary>Cancel what is there now and hold nothing; default false.</summary>
    public bool? CancelOnly { get; init; }

    /// <summary>How long to wait for the result before a 202, in milliseconds; 0 to 60,000, default 5,000. The stop goes on either way.</summary>
    public int? WaitMs { get; init; }
}

/// <summary>A panic: the caller's own book.</summary>
public sealed record PanicBody : StopBody
{
    /// <summary>Whose book, for a key that has no user of its own.</summary>
    public UserId? UserId { get; init; }
}

/// <summary>A stop of any scope.</summary>
public sealed record ExecuteBody : StopBody
{
    /// <summary>What kind of thing to stop.</summary>
    public EmergencyStopScope? Scope { get; init; }

    /// <summary><c>USER:alice</c>, <c>STRATEGY:s1</c>, <c>SYMBOL:BTC-USD</c>, <c>USER:alice/SYMBOL:BTC-USD</c>, or the bare id of the scope. Missing means the caller for <c>USER</c>.</summary>
    public string? Target { get; init; }

    /// <summary>Parts of the target that trade on: <c>USER:id</c>, <c>STRATEGY:id</c>, <c>SYMBOL:symbol</c> or <c>USER:id/SYMBOL:symbol</c>; at most 10. A risk officer only.</summary>
    public ImmutableArray<StopTarget>? Except { get; init; }

    /// <summary>The user, instead of <c>target</c> or beside a symbol.</summary>
    public UserId? UserId { get; init; }

    /// <summary>The strategy, instead of <c>target</c>.</summary>
    public StrategyId? StrategyId { get; init; }

    /// <summary>The symbol, instead of <c>target</c>; with a user it is the symbol in that user's book.</summary>
    public Symbol? Symbol { get; init; }
}
