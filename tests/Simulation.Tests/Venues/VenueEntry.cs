using System.Globalization;
using EmergencyStop.Ids;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>What reached the venue, or what it did.</summary>
public enum VenueEvent
{
    /// <summary>A request to place an order has arrived.</summary>
    Received,

    /// <summary>It was refused: an order of this client order id is there already. Somebody has sent it twice.</summary>
    Duplicate,

    /// <summary>It was refused.</summary>
    Refused,

    /// <summary>The order is in force.</summary>
    Accepted,

    /// <summary>An order was placed past the service and is in force.</summary>
    PlacedPast,

    /// <summary>A stop order was set off.</summary>
    Triggered,

    /// <summary>An order has traded this much; with its last fill it has ended.</summary>
    Filled,

    /// <summary>A request to cancel an order has arrived.</summary>
    CancelReceived,

    /// <summary>It was refused.</summary>
    CancelRefused,

    /// <summary>An order was cancelled.</summary>
    Cancelled,

    /// <summary>A request to cancel all orders of the account has arrived; the quantity is how many are open.</summary>
    MassCancelReceived,

    /// <summary>It reached this order, which is cancelled now or later.</summary>
    MassCancelHit,

    /// <summary>It left this order out.</summary>
    MassCancelLeft,

    /// <summary>A request to replace an order has arrived, about the old order.</summary>
    ReplaceReceived,

    /// <summary>An order was replaced; why names the new one.</summary>
    Replaced,

    /// <summary>The venue has ended an order by itself: expired, or gone with its session.</summary>
    Ended,

    /// <summary>A position was there from before.</summary>
    Seeded,

    /// <summary>A fault has struck; why names it.</summary>
    Fault,
}

/// <summary>One line of the venue's record.</summary>
/// <param name="At">When, by the world's clock.</param>
/// <param name="Event">What.</param>
/// <param name="Account">In which account.</param>
/// <param name="ClientOrderId">The order's client order id.</param>
/// <param name="VenueOrderId">The venue's id of it.</param>
/// <param name="Symbol">What it trades.</param>
/// <param name="Signed">How much, signed: of the order; of a fill what it traded.</param>
/// <param name="Process">Whose request it was; <c>null</c> for the venue's own doing.</param>
/// <param name="Why">In words.</param>
/// <param name="Fault">The fault that struck.</param>
/// <param name="Late">A request that came after its window by <see cref="VenueFault.LateWrite"/>, which no adapter can help.</param>
public sealed record VenueEntry(
    TimeSpan At,
    VenueEvent Event,
    AccountId Account,
    string? ClientOrderId = null,
    string? VenueOrderId = null,
    string? Symbol = null,
    decimal Signed = 0,
    string? Process = null,
    string? Why = null,
    VenueFault? Fault = null,
    bool Late = false)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Event} {Fault} {Account} {ClientOrderId} {VenueOrderId} {Symbol} {Signed} {(Process is null ? null : "from ")}{Process} {(Late ? "late " : null)}{Why}");
}
