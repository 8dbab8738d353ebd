using Orleans;

namespace EmergencyStop.Orders;

/// <summary>Which way an order trades.</summary>
[GenerateSerializer, Alias("order-side")]
public enum OrderSide
{
    /// <summary>Adds to a position.</summary>
    Buy,

    /// <summary>Takes from a position.</summary>
    Sell,
}

/// <summary>The classes of orders that a venue may declare (F4: every class is swept and verified).</summary>
[GenerateSerializer, Alias("order-type")]
public enum OrderType
{
    /// <summary>At any price, at once.</summary>
    Market,

    /// <summary>At the limit price or better.</summary>
    Limit,

    /// <summary>A market order once the stop price trades.</summary>
    Stop,

    /// <summary>A limit order once the stop price trades.</summary>
    StopLimit,

    /// <summary>A stop whose price follows the market by a distance or a percentage.</summary>
    TrailingStop,
}

/// <summary>How long an order stays in force.</summary>
[GenerateSerializer, Alias("time-in-force")]
public enum TimeInForce
{
    /// <summary>Good until cancelled.</summary>
    Gtc,

    /// <summary>Until the end of the trading day.</summary>
    Day,

    /// <summary>Immediate or cancel: what does not trade at once is cancelled.</summary>
    Ioc,

    /// <summary>Fill or kill: all at once or nothing.</summary>
    Fok,
}

/// <summary>What the ledger knows of an order's life.</summary>
[GenerateSerializer, Alias("order-state")]
public enum OrderState
{
    /// <summary>Admitted; on its way, or about to be, within its send window.</summary>
    InFlight,

    /// <summary>The venue has said that it rests there, perhaps partly filled.</summary>
    Open,

    /// <summary>Nobody can say: it may or may not have reached the venue.</summary>
    Unknown,

    /// <summary>Ended: wholly filled.</summary>
    Filled,

    /// <summary>Ended: cancelled at the venue; a part may have been filled before.</summary>
    Cancelled,

    /// <summary>Ended: the venue refused it.</summary>
    Rejected,

    /// <summary>Ended otherwise at the venue: expired, done for the day, gone with its session.</summary>
    Ended,

    /// <summary>Ended: it never left, attested by its sender or inferred after the send window.</summary>
    NeverSent,

    /// <summary>Ended: another order is in its place.</summary>
    Replaced,
}

/// <summary>Where an order came from.</summary>
[GenerateSerializer, Alias("order-origin")]
public enum OrderOrigin
{
    /// <summary>A caller placed it through the gate.</summary>
    Placed,

    /// <summary>A stop sent it to close a position.</summary>
    Closing,

    /// <summary>A stop found it at the venue, placed past the service.</summary>
    Adopted,

    /// <summary>A risk officer sent it past a closed gate, reduce-only and by name.</summary>
    PastGate,
}

/// <summary>Facts about order states.</summary>
public static class OrderStates
{
    /// <summary>Whether the order can still trade, as far as anybody knows.</summary>
    public static bool IsActive(this OrderState state) =>
        state is OrderState.InFlight or OrderState.Open or OrderState.Unknown;
}
