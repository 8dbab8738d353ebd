using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>Where an order stands at the simulated market.</summary>
public enum SimulatedStatus
{
    /// <summary>Taken in, shown to nobody yet: the late acknowledgement is under way.</summary>
    Received,

    /// <summary>Works, nothing traded.</summary>
    New,

    /// <summary>Works, a part has traded.</summary>
    PartiallyFilled,

    /// <summary>Works, and will be cancelled.</summary>
    PendingCancel,

    /// <summary>Ended: all of it has traded.</summary>
    Filled,

    /// <summary>Ended: cancelled.</summary>
    Canceled,

    /// <summary>Ended: its time in force is over.</summary>
    Expired,

    /// <summary>Ended: refused after it was taken in.</summary>
    Rejected,

    /// <summary>Ended: another order has taken its place.</summary>
    Replaced,
}

/// <summary>Facts about the statuses.</summary>
public static class SimulatedStatuses
{
    /// <summary>Whether the order may trade.</summary>
    public static bool IsOpen(this SimulatedStatus status) =>
        status is SimulatedStatus.New or SimulatedStatus.PartiallyFilled or SimulatedStatus.PendingCancel;

    /// <summary>Whether the order has ended.</summary>
    public static bool HasEnded(this SimulatedStatus status) => status is not SimulatedStatus.Received && !status.IsOpen();

    /// <summary>The status as Alpaca spells it.</summary>
    public static string ToWire(this SimulatedStatus status) => status switch
    {
        SimulatedStatus.Received => "pending_new",
        SimulatedStatus.New => "new",
        SimulatedStatus.PartiallyFilled => "partially_filled",
        SimulatedStatus.PendingCancel => "pending_cancel",
        SimulatedStatus.Filled => "filled",
        SimulatedStatus.Canceled => "canceled",
        SimulatedStatus.Expired => "expired",
        SimulatedStatus.Rejected => "rejected",
        SimulatedStatus.Replaced => "replaced",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No such status."),
    };

    /// <summary>The status as the service knows it. A replaced order has ended; its successor is followed.</summary>
    public static OrderState ToState(this SimulatedStatus status) => status switch
    {
        SimulatedStatus.Received or SimulatedStatus.New or SimulatedStatus.PartiallyFilled or SimulatedStatus.PendingCancel =>
            OrderState.Open,
        SimulatedStatus.Filled => OrderState.Filled,
        SimulatedStatus.Canceled => OrderState.Cancelled,
        SimulatedStatus.Rejected => OrderState.Rejected,
        SimulatedStatus.Expired => OrderState.Ended,
        SimulatedStatus.Replaced => OrderState.Replaced,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No such status."),
    };
}
