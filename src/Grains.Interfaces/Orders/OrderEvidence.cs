using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Orders;

/// <summary>Something proven, or admitted to be unknown, about one order: by the venue or by the order's own sender.</summary>
/// <param name="Order">The order.</param>
/// <param name="State">The state it proves. <c>InFlight</c> is never evidence.</param>
/// <param name="At">When it was learned (UTC).</param>
/// <param name="FilledQuantity">How much has traded, in total.</param>
/// <param name="AveragePrice">Average price of that.</param>
/// <param name="VenueOrderId">The venue's id, if it told.</param>
/// <param name="SentAt">When the order was written to the network, if its sender says so.</param>
/// <param name="Reason">Why, in words, without secrets.</param>
[GenerateSerializer, Immutable, Alias("order-evidence")]
public sealed record OrderEvidence(
    [property: Id(0)] OrderId Order,
    [property: Id(1)] OrderState State,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] decimal FilledQuantity = 0,
    [property: Id(4)] decimal? AveragePrice = null,
    [property: Id(5)] string? VenueOrderId = null,
    [property: Id(6)] DateTimeOffset? SentAt = null,
    [property: Id(7)] string? Reason = null)
{
    /// <summary>How the reason of a <c>NeverSent</c> begins that was concluded after the send window, not attested by the sender.</summary>
    public const string Inferred = "inferred: ";

    /// <summary>Whether an order's end was concluded, so that it stays watched.</summary>
    public static bool IsInferred(Order order) =>
        order.State == OrderState.NeverSent && order.Reason?.StartsWith(Inferred, StringComparison.Ordinal) == true;
}
