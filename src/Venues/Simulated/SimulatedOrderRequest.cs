using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>An order as it arrives at the simulated market.</summary>
/// <param name="Account">Whose.</param>
/// <param name="ClientOrderId">The caller's id, unique per account for as long as the market remembers the order.</param>
/// <param name="Symbol">What to trade.</param>
/// <param name="Side">Which way.</param>
/// <param name="Type">Its class.</param>
/// <param name="Quantity">How much, above 0, at most nine decimals.</param>
/// <param name="LimitPrice">Limit and stop-limit orders: the worst price.</param>
/// <param name="Trigger">Stop, stop-limit and trailing orders: what sets them off.</param>
/// <param name="TimeInForce">How long it stays in force.</param>
/// <param name="ReduceOnly">May only reduce the account's position.</param>
public sealed record SimulatedOrderRequest(
    AccountId Account,
    string ClientOrderId,
    Symbol Symbol,
    OrderSide Side,
    OrderType Type,
    decimal Quantity,
    decimal? LimitPrice = null,
    TriggerTerms? Trigger = null,
    TimeInForce TimeInForce = TimeInForce.Gtc,
    bool ReduceOnly = false)
{
    /// <summary>Takes over what the service asks for.</summary>
    public static SimulatedOrderRequest From(VenueOrder order)
    {
        var terms = order.Terms;
        var trigger = terms.StopPrice is null && terms.TrailPrice is null && terms.TrailPercent is null
            ? null
            : new TriggerTerms(terms.StopPrice, terms.TrailPrice, terms.TrailPercent);
        return new(
            order.Account,
            order.Id.Value,
            terms.Symbol,
            terms.Side,
            terms.Type,
            terms.Quantity,
            terms.LimitPrice,
            trigger,
            terms.TimeInForce,
            terms.ReduceOnly);
    }
}

/// <summary>What sets a stop off: a price, or a distance from the best price seen.</summary>
/// <param name="StopPrice">Stop and stop-limit orders: the price that triggers.</param>
/// <param name="TrailPrice">Trailing stops: the distance.</param>
/// <param name="TrailPercent">Trailing stops: the distance in percent, above 0 and below 100.</param>
public sealed record TriggerTerms(decimal? StopPrice, decimal? TrailPrice = null, decimal? TrailPercent = null);

/// <summary>What may be changed about an order that rests; <c>null</c> leaves it.</summary>
/// <param name="Quantity">The whole quantity, with what has traded already.</param>
/// <param name="LimitPrice">The limit price.</param>
/// <param name="StopPrice">The stop price.</param>
/// <param name="Trail">The trailing stop's distance, in the unit it was placed with.</param>
/// <param name="TimeInForce">How long it stays in force.</param>
/// <param name="ClientOrderId">The id of the order that replaces it.</param>
public sealed record SimulatedReplacement(
    decimal? Quantity = null,
    decimal? LimitPrice = null,
    decimal? StopPrice = null,
    decimal? Trail = null,
    TimeInForce? TimeInForce = null,
    string? ClientOrderId = null);

/// <summary>Why the market refuses a request, in the words and numbers of Alpaca's API.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The broker's code.</param>
/// <param name="Message">In words.</param>
public sealed record SimulatedRefusal(int Status, int Code, string Message)
{
    /// <summary>The request makes no sense.</summary>
    public static SimulatedRefusal Invalid(string message) => new(422, 42210000, message);

    /// <summary>The account has an order of that client order id.</summary>
    public static SimulatedRefusal Duplicate { get; } = new(422, 40010001, "client_order_id must be unique");

    /// <summary>There is no such order.</summary>
    public static SimulatedRefusal NotFound(string what) => new(404, 40410000, $"order not found for {what}");

    /// <summary>The market is closed for this.</summary>
    public static SimulatedRefusal MarketClosed { get; } = new(422, 42210000, "market is closed");

    /// <summary>The order has ended or is being cancelled or replaced.</summary>
    public static SimulatedRefusal NotCancelable(SimulatedStatus status) =>
        new(422, 42210000, $"order is not cancelable: it is {status.ToWire()}");
}
