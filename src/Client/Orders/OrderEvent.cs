namespace EmergencyStop.Client;

/// <summary>One change of one order.</summary>
/// <param name="Id">Its place in the one order of changes; to go on after it, hand it to the next call.</param>
/// <param name="Kind">How the order has changed.</param>
/// <param name="At">When that was learned (UTC).</param>
/// <param name="Order">The order after it.</param>
public sealed record OrderEvent(long Id, OrderEventKind Kind, DateTimeOffset At, Order Order);

/// <summary>How an order has changed.</summary>
public enum OrderEventKind
{
    /// <summary>It passed the gate.</summary>
    Admitted,

    /// <summary>It rests at the venue.</summary>
    Open,

    /// <summary>More of it has traded, and not all; its status stands beside.</summary>
    PartialFill,

    /// <summary>All of it has traded.</summary>
    Filled,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>The venue has refused it.</summary>
    Rejected,

    /// <summary>It ended otherwise.</summary>
    Ended,

    /// <summary>It never left.</summary>
    NeverSent,

    /// <summary>Nobody can say what became of it.</summary>
    Unknown,

    /// <summary>Another order is in its place.</summary>
    Replaced,
}

/// <summary>A change as it is received.</summary>
internal sealed record OrderEventMessage(long EventId, OrderEventKind? Event, DateTimeOffset? At, Order? Order);
