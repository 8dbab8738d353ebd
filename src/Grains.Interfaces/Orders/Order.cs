using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Orders;

/// <summary>An order's row in the ledger, as of one moment.</summary>
/// <param name="Id">Made by the service; the venue knows it as the client order id.</param>
/// <param name="Terms">What was asked for.</param>
/// <param name="Account">The account it goes through.</param>
/// <param name="Number">Its place in the one order of admissions, engages, releases and resumes.</param>
/// <param name="State">What is known of its life.</param>
/// <param name="AdmittedAt">When it passed the gate (UTC).</param>
/// <param name="UpdatedAt">When its row last changed (UTC).</param>
/// <param name="VenueOrderId">The venue's own id, once known.</param>
/// <param name="FilledQuantity">How much has traded; never shrinks.</param>
/// <param name="AveragePrice">Average price of what has traded.</param>
/// <param name="SentAt">When its last byte was handed to the network, if its sender knows (UTC).</param>
/// <param name="Reason">Why it ended so or is unknown, in words.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Stop">Closing and adopted orders: the stop that made the row.</param>
/// <param name="Attempt">Closing orders: the attempt, from 1.</param>
/// <param name="EndedAfter">Ended orders: the last number drawn when the end was recorded; a stop with a number up to it found the order alive.</param>
/// <param name="Replaces">The order in whose place it is put, and whose fills its own include.</param>
[GenerateSerializer, Immutable, Alias("order")]
public sealed record Order(
    [property: Id(0)] OrderId Id,
    [property: Id(1)] OrderTerms Terms,
    [property: Id(2)] AccountId Account,
    [property: Id(3)] long Number,
    [property: Id(4)] OrderState State,
    [property: Id(5)] DateTimeOffset AdmittedAt,
    [property: Id(6)] DateTimeOffset UpdatedAt,
    [property: Id(7)] string? VenueOrderId = null,
    [property: Id(8)] decimal FilledQuantity = 0,
    [property: Id(9)] decimal? AveragePrice = null,
    [property: Id(10)] DateTimeOffset? SentAt = null,
    [property: Id(11)] string? Reason = null,
    [property: Id(12)] OrderOrigin Origin = OrderOrigin.Placed,
    [property: Id(13)] StopId? Stop = null,
    [property: Id(14)] int Attempt = 0,
    [property: Id(15)] long? EndedAfter = null,
    [property: Id(16)] OrderId? Replaces = null);
