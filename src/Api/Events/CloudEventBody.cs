using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmergencyStop.Api.Events;

/// <summary>An event that somebody publishes: CloudEvents 1.0, JSON, structured mode.</summary>
public sealed record CloudEventBody
{
    /// <summary>The version of CloudEvents: <c>1.0</c>.</summary>
    [JsonPropertyName("specversion")]
    public string? SpecVersion { get; init; }

    /// <summary>The event's id at its source, 1 to 200 characters. The same id of the same source is the same stop.</summary>
    public string? Id { get; init; }

    /// <summary>Who tells it, a URI reference of 1 to 200 characters.</summary>
    public string? Source { get; init; }

    /// <summary>What has happened: <c>emergency_stop.requested</c>.</summary>
    public string? Type { get; init; }

    /// <summary>To what; not looked at, as the data say what to stop.</summary>
    public string? Subject { get; init; }

    /// <summary>When, RFC 3339; a stop's clocks run from when it arrived here.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The type of the data: <c>application/json</c>, or left out.</summary>
    [JsonPropertyName("datacontenttype")]
    public string? DataContentType { get; init; }

    /// <summary>What a stop's request says, as the body of <c>emergency-stop/execute</c>; <c>scope</c> may be left out where <c>target</c> is written in full.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Attributes that CloudEvents lets a publisher add; not looked at.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; init; }
}
