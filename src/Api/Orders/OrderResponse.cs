using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Api.Orders;

/// <summary>An order as the ledger knows it.</summary>
/// <param name="OrderId">Made by the service; the venue knows it as the client order id.</param>
/// <param name="ClientOrderId">The caller's own name for it.</param>
/// <param name="Status">What is known of its life; <c>filled_quantity</c> stands beside.</param>
/// <param name="UserId">Whose book it is.</param>
/// <param name="StrategyId">Who decided on it; null for closing and adopted orders.</param>
/// <param name="Symbol">What it trades, in its canonical spelling.</param>
/// <param name="Side">Which way.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Type">The order's class.</param>
/// <param name="LimitPrice">The worst price.</param>
/// <param name="StopPrice">The price that triggers.</param>
/// <param name="TrailPrice">Distance from the best price seen.</param>
/// <param name="TrailPercent">The same in percent.</param>
/// <param name="TimeInForce">How long it stays in force.</param>
/// <param name="Protective">Whether it guards a position.</param>
/// <param name="ReduceOnly">Whether it may only reduce the position.</param>
/// <param name="FilledQuantity">How much has traded.</param>
/// <param name="AveragePrice">Average price of that.</param>
/// <param name="Account">The account it goes through.</param>
/// <param name="VenueOrderId">The venue's own id, once known.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="StopId">Closing and adopted orders: the stop that made it.</param>
/// <param name="Number">Its place among admissions, engages, releases and resumes.</param>
/// <param name="Reason">Why it ended so or is unknown.</param>
/// <param name="AdmittedAt">When it passed the gate.</param>
/// <param name="SentAt">When it left, if its sender knows.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="Replaces">The order in whose place it was put; what that one had traded counts in <c>filled_quantity</c>.</param>
public sealed record OrderResponse(
    OrderId OrderId,
    ClientOrderId? ClientOrderId,
    OrderState Status,
    UserId UserId,
    StrategyId? StrategyId,
    Symbol Symbol,
    OrderSide Side,
    decimal Quantity,
    OrderType Type,
    decimal? LimitPrice,
    decimal? StopPrice,
    decimal? TrailPrice,
    decimal? TrailPercent,
    TimeInForce TimeInForce,
    bool Protective,
    bool ReduceOnly,
    decimal FilledQuantity,
    decimal? AveragePrice,
    AccountId Account,
    string? VenueOrderId,
    OrderOrigin Origin,
    StopId? StopId,
    long Number,
    string? Reason,
    DateTimeOffset AdmittedAt,
    DateTimeOffset? SentAt,
    DateTimeOffset UpdatedAt,
    OrderId? Replaces)
{
    internal static OrderResponse Of(Order o) => new(
        o.Id,
        o.Terms.ClientOrderId,
        o.State,
        o.Terms.User,
        o.Terms.Strategy,
        o.Terms.Symbol,
        o.Terms.Side,
        o.Terms.Quantity,
        o.Terms.Type,
        o.Terms.LimitPrice,
        o.Terms.StopPrice,
        o.Terms.TrailPrice,
        o.Terms.TrailPercent,
        o.Terms.TimeInForce,
        o.Terms.Protective,
        o.Terms.ReduceOnly,
        o.FilledQuantity,
        o.AveragePrice,
        o.Account,
        o.VenueOrderId,
        o.Origin,
        o.Stop,
        o.Number,
        o.Reason,
        o.AdmittedAt,
        o.SentAt,
        o.UpdatedAt,
        o.Replaces);
}

/// <summary>A page of orders, newest first.</summary>
/// <param name="Orders">The orders.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record OrdersResponse(ImmutableArray<OrderResponse> Orders, string? NextCursor);
