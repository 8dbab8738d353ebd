using EmergencyStop.Ids;
using EmergencyStop.Orders;
using Orleans;

namespace EmergencyStop.Venues;

/// <summary>What a venue says of one order. It is evidence; nothing else is.</summary>
/// <param name="Account">The account it is in.</param>
/// <param name="VenueOrderId">The venue's id.</param>
/// <param name="ClientOrderId">The client order id as the venue holds it: any text, as it may be somebody else's order.</param>
/// <param name="Symbol">What it trades, canonical.</param>
/// <param name="Side">Which way.</param>
/// <param name="Type">Its class.</param>
/// <param name="Quantity">The whole quantity.</param>
/// <param name="FilledQuantity">How much has traded.</param>
/// <param name="AveragePrice">Average price of that.</param>
/// <param name="State">
/// <c>Open</c> for every state in which it may still trade, pending cancels and replaces included;
/// <c>Filled</c>, <c>Cancelled</c>, <c>Rejected</c> or <c>Ended</c> for the terminal ones.
/// </param>
/// <param name="ReplacedBy">The venue's id of the order that replaced this one; follow it.</param>
/// <param name="Reason">The venue's own words for the state, if any.</param>
[GenerateSerializer, Immutable, Alias("venue-order-report")]
public sealed record VenueOrderReport(
    [property: Id(0)] AccountId Account,
    [property: Id(1)] string VenueOrderId,
    [property: Id(2)] string ClientOrderId,
    [property: Id(3)] Symbol Symbol,
    [property: Id(4)] OrderSide Side,
    [property: Id(5)] OrderType Type,
    [property: Id(6)] decimal Quantity,
    [property: Id(7)] decimal FilledQuantity,
    [property: Id(8)] decimal? AveragePrice,
    [property: Id(9)] OrderState State,
    [property: Id(10)] string? ReplacedBy = null,
    [property: Id(11)] string? Reason = null);
