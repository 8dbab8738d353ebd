namespace EmergencyStop.Events;

/// <summary>What waits for what.</summary>
public enum EventPriority
{
    /// <summary>Handled by the publisher's own call, at once: behind no queue, no retry and no other event.</summary>
    Critical,

    /// <summary>Recorded in the ledger's outbox and delivered in its order.</summary>
    Normal,
}
