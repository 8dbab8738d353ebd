using EmergencyStop.Stopping;

namespace EmergencyStop.Events;

/// <summary>Somebody asks for a stop by an event: <c>emergency_stop.requested</c>, checked.</summary>
/// <param name="Source">Who tells it.</param>
/// <param name="Id">The event's id there. Law 6: the same id of the same source, from the same key, gives the same stop.</param>
/// <param name="Request">What is asked; its key and hash are set by the handler, from source and id.</param>
/// <param name="Wait">How long to wait for the stop's flow after the gate is closed; zero or more.</param>
public sealed record EmergencyStopRequested(string Source, string Id, EmergencyStopRequest Request, TimeSpan Wait)
{
    /// <summary>Longest source, in characters.</summary>
    public const int LongestSource = 200;

    /// <summary>Longest id, in characters.</summary>
    public const int LongestId = 200;
}
