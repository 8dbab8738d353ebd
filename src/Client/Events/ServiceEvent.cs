using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmergencyStop.Client;

/// <summary>Something that happened to a stop, a gate, an obligation or a strategy.</summary>
/// <param name="Id">Its place in the one order of events; to go on after it, hand it to the next call.</param>
/// <param name="Type">What, as a dotted past-tense word: <c>stop.engaged</c>. New types may come.</param>
/// <param name="Subject">To what: a stop id, a strategy id, a target.</param>
/// <param name="Time">When (UTC).</param>
/// <param name="Data">The rest, by type.</param>
public sealed record ServiceEvent(long Id, string Type, string Subject, DateTimeOffset Time, JsonElement Data);

/// <summary>An event as it is received; <c>ready</c> has an id only.</summary>
internal sealed record ServiceEventMessage(string Id)
{
    public string? Type { get; init; }

    public string? Subject { get; init; }

    public DateTimeOffset Time { get; init; }

    public JsonElement Data { get; init; }
}

/// <summary>A request for a stop, as an event.</summary>
internal sealed record StopEventBody(string Id, string Source, StopEventData Data)
{
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; } = "1.0";

    public string Type { get; } = "emergency_stop.requested";
}

/// <summary>What it asks for.</summary>
internal sealed record StopEventData(
    string Reason,
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
    IReadOnlyList<string>? Except,
    int? WaitMs);
