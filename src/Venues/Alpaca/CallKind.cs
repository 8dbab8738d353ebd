namespace EmergencyStop.Venues.Alpaca;

/// <summary>What a call is for; it decides how much of the rate limit it may use.</summary>
internal enum CallKind
{
    /// <summary>Placing an order: never the reserved share.</summary>
    Placing,

    /// <summary>Reading: up to half of the reserved share.</summary>
    Reading,

    /// <summary>Looking again and again: never the reserved share, and after everybody else.</summary>
    Watching,

    /// <summary>Cancelling: everything, and before all others.</summary>
    Cancelling,
}
