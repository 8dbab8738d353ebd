using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EmergencyStop.Events;
using EmergencyStop.Ledger.Events;

namespace EmergencyStop.Api.Events;

/// <summary>One event, as CloudEvents 1.0.</summary>
/// <param name="SpecVersion"><c>1.0</c>.</param>
/// <param name="Id">Its place in the one order of events; to go on after it, send it as <c>Last-Event-ID</c>.</param>
/// <param name="Source"><c>/emergency-stop</c>.</param>
/// <param name="Type">What has happened.</param>
/// <param name="Subject">To what: a stop id, a strategy id, a target.</param>
/// <param name="Time">When.</param>
/// <param name="DataContentType"><c>application/json</c>.</param>
/// <param name="Data">The rest, by type.</param>
public sealed record CloudEventResponse(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    JsonElement Data)
{
    internal static CloudEventResponse Of(StoredEvent stored) => new(
        "1.0", stored.Id.ToString(CultureInfo.InvariantCulture), BusEvent.OwnSource, stored.Event.Type, stored.Event.Subject, stored.Event.At,
        "application/json", Parse(stored.Event.Data));

    internal static JsonElement Parse(string data)
    {
        using var document = JsonDocument.Parse(data);
        return document.RootElement.Clone();
    }
}

/// <summary>What <c>ready</c> and <c>gone</c> say, which are about the stream.</summary>
/// <param name="Id">The id after which the stream goes on, or would have.</param>
public sealed record EventMarkResponse(string Id);

/// <summary>A page of events that were set aside.</summary>
/// <param name="Events">Latest first.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record EventsSetAsideResponse(ImmutableArray<EventSetAsideResponse> Events, string? NextCursor);

/// <summary>An event that a handler could not take in.</summary>
/// <param name="Number">Its number, to retry or dismiss it by.</param>
/// <param name="Handler">The handler.</param>
/// <param name="State"><c>waiting</c>, <c>retrying</c>, <c>handled</c> or <c>dismissed</c>.</param>
/// <param name="Why">What went wrong the last time.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="SetAsideAt">When it was set aside.</param>
/// <param name="SettledBy">Who had it retried or dismissed it last.</param>
/// <param name="SettledAt">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="Source">The event's source.</param>
/// <param name="Id">The event's id.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Subject">The event's subject.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Data">The event's data.</param>
public sealed record EventSetAsideResponse(
    long Number,
    string Handler,
    SetAsideState State,
    string Why,
    int Attempts,
    DateTimeOffset SetAsideAt,
    string? SettledBy,
    DateTimeOffset? SettledAt,
    string? Reason,
    string Source,
    string Id,
    string Type,
    string Subject,
    DateTimeOffset Time,
    JsonElement Data)
{
    internal static EventSetAsideResponse Of(EventSetAside one) => new(
        one.Number, one.Consumer, one.State, one.Why, one.Attempts, one.At, one.SettledBy, one.SettledAt, one.Reason,
        one.Source, one.EventId, one.Type, one.Subject, one.Time, CloudEventResponse.Parse(one.Data));
}

/// <summary>Why an event that was set aside is retried or dismissed.</summary>
public sealed record SettleEventBody
{
    /// <summary>Why, in words; 1 to 500 characters.</summary>
    public string? Reason { get; init; }
}
