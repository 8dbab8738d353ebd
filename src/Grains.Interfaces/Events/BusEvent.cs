namespace EmergencyStop.Events;

/// <summary>Something that has happened, in the shape of CloudEvents 1.0.</summary>
/// <param name="Id">Its id; with <paramref name="Source"/> it names the event once and for all. For events of this service: its place in the one order of events.</param>
/// <param name="Source">Who tells it, as a URI reference.</param>
/// <param name="Type">What has happened, as a dotted past-tense word: <c>stop.engaged</c>.</param>
/// <param name="Subject">To what: a stop id, a strategy id, a target.</param>
/// <param name="Time">When (UTC).</param>
/// <param name="Data">The rest: one JSON object, no secrets.</param>
public sealed record BusEvent(string Id, string Source, string Type, string Subject, DateTimeOffset Time, string Data)
{
    /// <summary>The source of this service's own events.</summary>
    public const string OwnSource = "/emergency-stop";
}
