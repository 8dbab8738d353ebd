namespace EmergencyStop.Client;

/// <summary>Which way an order trades.</summary>
public enum OrderSide
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>Buy.</summary>
    Buy,

    /// <summary>Sell.</summary>
    Sell,
}

/// <summary>An order's class.</summary>
public enum OrderType
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>At the market.</summary>
    Market,

    /// <summary>At a price or better.</summary>
    Limit,

    /// <summary>A market order once a price is touched.</summary>
    Stop,

    /// <summary>A limit order once a price is touched.</summary>
    StopLimit,

    /// <summary>A stop that follows the best price.</summary>
    TrailingStop,
}

/// <summary>How long an order stays in force.</summary>
public enum TimeInForce
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>Until it is cancelled.</summary>
    Gtc,

    /// <summary>Until the end of the day.</summary>
    Day,

    /// <summary>At once, in part if need be.</summary>
    Ioc,

    /// <summary>At once as a whole, or not at all.</summary>
    Fok,
}

/// <summary>What is known of an order's life.</summary>
public enum OrderState
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>Admitted, not yet acknowledged by the venue.</summary>
    InFlight,

    /// <summary>Resting at the venue.</summary>
    Open,

    /// <summary>Nobody can tell yet.</summary>
    Unknown,

    /// <summary>Traded as a whole.</summary>
    Filled,

    /// <summary>Cancelled; part of it may have traded.</summary>
    Cancelled,

    /// <summary>Refused by the venue.</summary>
    Rejected,

    /// <summary>Expired, or at another end of its own.</summary>
    Ended,

    /// <summary>It never left.</summary>
    NeverSent,

    /// <summary>Another order is in its place.</summary>
    Replaced,
}

/// <summary>Where an order came from.</summary>
public enum OrderOrigin
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>A strategy placed it.</summary>
    Placed,

    /// <summary>A stop made it to close a position.</summary>
    Closing,

    /// <summary>It was found at the venue.</summary>
    Adopted,

    /// <summary>A risk officer sent it past a closed gate.</summary>
    PastGate,
}
