namespace EmergencyStop.Events;

/// <summary>Hears of recorded events: each at least once, in their order, from when the handler was first there.</summary>
/// <remarks>
/// Of several processes on one ledger, one delivers at a time to the handler of this name. A process that dies after
/// handling and before its position is kept is followed by one that delivers again, so a handler knows an event again by
/// its id. It is cancelled after a time; one that throws or is late is retried a few times, then the event is set aside
/// and the next one comes.
/// </remarks>
public interface IEventHandler
{
    /// <summary>Its name in the ledger, 1 to 64 characters: position and events set aside stand under it. Never changed.</summary>
    string Name { get; }

    /// <summary>Whether it wants to hear of this type.</summary>
    bool Wants(string type);

    /// <summary>Takes one event in.</summary>
    Task HandleAsync(BusEvent happened, CancellationToken cancellationToken);
}
