namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>A bug planted in the link, as an adapter of the product could have it.</summary>
public enum VenueBug
{
    /// <summary>The link keeps to its contract.</summary>
    None,

    /// <summary>A place that goes unanswered is sent again, under the same client order id and without asking.</summary>
    RetriesPlace,

    /// <summary>The permit is asked before the rate limit and the connect, and what follows is not bounded by the window.</summary>
    PermitBeforeConnect,

    /// <summary>A snapshot that failed is read as an empty list (F8).</summary>
    EmptyOnFailure,

    /// <summary>A cancel that goes unanswered is reported as cancelled (F3).</summary>
    TimeoutIsCancelled,

    /// <summary>The mass cancel reaches every account (F2).</summary>
    MassCancelOfAllAccounts,

    /// <summary>Orders that wait for a trigger are in no list, and are not found (F4).</summary>
    HidesStopOrders,

    /// <summary>The window's end does not reset an unanswered write: it arrives any time later.</summary>
    WindowNotReset,

    /// <summary>A mass cancel is written whenever the rate limit and the connect let it, without a permit, and its window's end resets nothing.</summary>
    MassCancelWithoutPermit,
}
