using System.Diagnostics;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Soak.Service;

/// <summary>An order as its caller knows it.</summary>
/// <param name="Terms">What was asked for, with the caller's own name for it.</param>
/// <param name="SentAt">When the request left, on this process's clock.</param>
/// <param name="OrderId">The id that came with 201; <c>null</c> when it was refused or nobody answered.</param>
internal sealed record HeardOrder(OrderTerms Terms, long SentAt, string? OrderId)
{
    /// <summary>When the answer was heard, or nobody was heard.</summary>
    public long HeardAt { get; } = Stopwatch.GetTimestamp();
}

/// <summary>A stop as its caller knows it.</summary>
/// <param name="Target">What was asked to stop.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="Close">Whether positions were to be closed.</param>
internal sealed record PressedStop(StopTarget Target, string Key, bool Close)
{
    /// <summary>The stop's id, once an answer was heard.</summary>
    public string? StopId { get; set; }

    /// <summary>When the first answer was heard: from here on the gate is closed.</summary>
    public long? AnsweredAt { get; set; }

    /// <summary>When its release was first asked for.</summary>
    public long? ReleaseAskedAt { get; set; }
}
