using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>What is proven of a stop's hold on its gate.</summary>
[GenerateSerializer, Alias("gate-hold")]
public enum GateHold
{
    /// <summary>Closed: its row is committed in the ledger.</summary>
    Closed,

    /// <summary>Closed in the process that took the stop, which admits nothing; nobody else has proof of it.</summary>
    Unproven,

    /// <summary>This stop holds nothing: it was <c>cancel_only</c>, or is released.</summary>
    Open,
}
