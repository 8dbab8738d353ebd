using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>Which orders of an account to show.</summary>
/// <param name="OpenOnly">Only those that may trade.</param>
/// <param name="After">Only those submitted after this time, exclusive.</param>
/// <param name="Until">Only those submitted before this time, exclusive.</param>
/// <param name="NewestFirst">Newest first instead of oldest first.</param>
public sealed record SimulatedOrderQuery(
    bool OpenOnly = false, DateTimeOffset? After = null, DateTimeOffset? Until = null, bool NewestFirst = false);

/// <summary>One order as of one moment, for whoever looks from outside.</summary>
/// <param name="VenueOrderId">The market's id of it.</param>
/// <param name="Sequence">Its place in the market's one order of submissions.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="FilledQuantity">How much has traded.</param>
/// <param name="AveragePrice">At which average price.</param>
/// <param name="SubmittedAt">When it was accepted; never the same for two orders of one market.</param>
/// <param name="UpdatedAt">When it last changed; for ended orders, when it ended.</param>
/// <param name="HighWater">Trailing stops: the best price seen.</param>
/// <param name="TriggerPrice">Stops: the price that sets it off, as of now.</param>
/// <param name="ReplacedBy">The order that took its place.</param>
/// <param name="Replaces">The order whose place it took.</param>
/// <param name="Reason">Why it ended so.</param>
public sealed record SimulatedOrderView(
    Guid VenueOrderId,
    long Sequence,
    SimulatedOrderRequest Request,
    SimulatedStatus Status,
    decimal FilledQuantity,
    decimal? AveragePrice,
    DateTimeOffset SubmittedAt,
    DateTimeOffset UpdatedAt,
    decimal? HighWater,
    decimal? TriggerPrice,
    Guid? ReplacedBy,
    Guid? Replaces,
    string? Reason)
{
    /// <summary>The account it is in.</summary>
    public AccountId Account => Request.Account;

    /// <summary>The same as evidence for the service.</summary>
    public VenueOrderReport ToReport() => new(
        Request.Account,
        VenueOrderId.ToString(),
        Request.ClientOrderId,
        Request.Symbol,
        Request.Side,
        Request.Type,
        Request.Quantity,
        FilledQuantity,
        AveragePrice,
        Status.ToState(),
        ReplacedBy?.ToString(),
        Reason);

    internal static SimulatedOrderView Of(SimulatedOrder order, VenueIds ids) => new(
        ids.Of(order.Sequence),
        order.Sequence,
        order.Request,
        order.Status,
        order.Filled,
        order.AveragePrice,
        order.SubmittedAt,
        order.UpdatedAt,
        order.Request.Type == OrderType.TrailingStop ? order.HighWater : null,
        order.Request.Trigger is null ? null : order.TriggerPrice,
        order.ReplacedBy == 0 ? null : ids.Of(order.ReplacedBy),
        order.Replaces == 0 ? null : ids.Of(order.Replaces),
        order.Reason);
}
