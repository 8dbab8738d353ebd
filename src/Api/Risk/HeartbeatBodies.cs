using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Risk;

/// <summary>A beat. The first one arms the switch.</summary>
public sealed record HeartbeatBody
{
    /// <summary>Whose book is stopped when the next beat does not come; this or strategy_id.</summary>
    public UserId? UserId { get; init; }

    /// <summary>Which strategy is stopped then.</summary>
    public StrategyId? StrategyId { get; init; }

    /// <summary>How long it may be silent, in milliseconds; 1,000 to 86,400,000.</summary>
    public int? TimeoutMs { get; init; }

    /// <summary>The switch's name; default the text of its target, as STRATEGY:s1.</summary>
    public HeartbeatName? Name { get; init; }

    /// <summary>Whether the stop cancels the orders in scope; default true.</summary>
    public bool? CancelOrders { get; init; }

    /// <summary>Whether it pauses the strategies in scope; default true.</summary>
    public bool? PauseStrategies { get; init; }

    /// <summary>Whether it closes the positions in scope; default false.</summary>
    public bool? ClosePositions { get; init; }

    /// <summary>Whether it leaves protective orders until flat; default true.</summary>
    public bool? KeepProtective { get; init; }
}

/// <summary>A dead-man's switch.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">What is stopped when it is missed.</param>
/// <param name="TimeoutMs">How long it may be silent.</param>
/// <param name="State">Armed, missed or disarmed.</param>
/// <param name="SilentMs">How long the process that answers has heard nothing of it, by its own clock; null while it is not armed.</param>
/// <param name="Armings">How often it was armed.</param>
/// <param name="Since">Since when it stands so.</param>
/// <param name="By">Who armed or disarmed it.</param>
/// <param name="Reason">What was missed, or why it was disarmed.</param>
/// <param name="StopId">The last stop that it made.</param>
public sealed record HeartbeatResponse(
    HeartbeatName Name,
    StopTarget Target,
    long TimeoutMs,
    HeartbeatState State,
    long? SilentMs,
    long Armings,
    DateTimeOffset Since,
    string By,
    string? Reason,
    StopId? StopId)
{
    internal static HeartbeatResponse Of(HeartbeatSight sight) => new(
        sight.Heartbeat.Name, sight.Heartbeat.Terms.Target, (long)sight.Heartbeat.Terms.Timeout.TotalMilliseconds, sight.Heartbeat.State,
        (long?)sight.SilentFor?.TotalMilliseconds, sight.Heartbeat.Arming, sight.Heartbeat.Since, sight.Heartbeat.By, sight.Heartbeat.Reason, sight.Heartbeat.Stop);
}

/// <summary>Dead-man's switches.</summary>
/// <param name="Heartbeats">The switches, by name.</param>
public sealed record HeartbeatsResponse(ImmutableArray<HeartbeatResponse> Heartbeats);
