using EmergencyStop.Stopping;
using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Risk;

/// <summary>How a dead-man's switch stands.</summary>
[GenerateSerializer, Alias("heartbeat-state")]
public enum HeartbeatState
{
    /// <summary>Armed: its target is stopped if no beat comes in time.</summary>
    Armed,

    /// <summary>It has fired. The next beat arms it again.</summary>
    Missed,

    /// <summary>Disarmed by name.</summary>
    Disarmed,
}

/// <summary>A dead-man's switch: its owner beats, or its target is stopped.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Terms">What it does.</param>
/// <param name="Arming">How often it was armed; a part of the idempotency key of its stop.</param>
/// <param name="Beats">How many beats were written for this arming; many may be written as one.</param>
/// <param name="State">How it stands.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="By">Who armed or disarmed it.</param>
/// <param name="Reason">Why it was disarmed, or what was missed, in words.</param>
/// <param name="Stop">The last stop that it made.</param>
[GenerateSerializer, Immutable, Alias("heartbeat")]
public sealed record Heartbeat(
    [property: Id(0)] HeartbeatName Name,
    [property: Id(1)] HeartbeatTerms Terms,
    [property: Id(2)] long Arming,
    [property: Id(3)] long Beats,
    [property: Id(4)] HeartbeatState State,
    [property: Id(5)] DateTimeOffset Since,
    [property: Id(6)] string By,
    [property: Id(7)] string? Reason = null,
    [property: Id(8)] StopId? Stop = null)
{
    /// <summary>Whether it has fired and its stop is not engaged yet.</summary>
    [Id(9)]
    public bool OwesStop { get; init; }
}

/// <summary>What a dead-man's switch does when it is missed.</summary>
/// <param name="Target">What is stopped: a user's book or a strategy.</param>
/// <param name="Timeout">How long it may be silent; 1 s to 24 h.</param>
/// <param name="Options">What the stop does beside closing the gate.</param>
[GenerateSerializer, Immutable, Alias("heartbeat-terms")]
public sealed record HeartbeatTerms(
    [property: Id(0)] StopTarget Target,
    [property: Id(1)] TimeSpan Timeout,
    [property: Id(2)] StopOptions Options)
{
    /// <summary>Shortest silence: several times what passes until every process knows of a beat.</summary>
    public static TimeSpan Shortest { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest silence.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(24);
}
