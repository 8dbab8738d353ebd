using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Orders;

/// <summary>What the caller asked for. Prices and quantities are in the symbol's units, exact decimals.</summary>
/// <param name="User">Whose book it is.</param>
/// <param name="Strategy">Who decided on it; <c>null</c> for closing and adopted orders only.</param>
/// <param name="Symbol">What to trade.</param>
/// <param name="Side">Which way.</param>
/// <param name="Quantity">How much, above 0.</param>
/// <param name="Type">The order's class.</param>
/// <param name="LimitPrice">Limit and stop-limit orders: the worst price.</param>
/// <param name="StopPrice">Stop and stop-limit orders: the price that triggers.</param>
/// <param name="TrailPrice">Trailing stops: distance from the best price seen.</param>
/// <param name="TrailPercent">Trailing stops: the same in percent, above 0 and below 100.</param>
/// <param name="TimeInForce">How long it stays in force.</param>
/// <param name="Protective">Guards a position: a stop with <c>keep_protective</c> leaves it until flat.</param>
/// <param name="ReduceOnly">May only reduce the signed position.</param>
/// <param name="ClientOrderId">The caller's own name for it; the same name of a user twice is the same order.</param>
[GenerateSerializer, Immutable, Alias("order-terms")]
public sealed record OrderTerms(
    [property: Id(0)] UserId User,
    [property: Id(1)] StrategyId? Strategy,
    [property: Id(2)] Symbol Symbol,
    [property: Id(3)] OrderSide Side,
    [property: Id(4)] decimal Quantity,
    [property: Id(5)] OrderType Type,
    [property: Id(6)] decimal? LimitPrice = null,
    [property: Id(7)] decimal? StopPrice = null,
    [property: Id(8)] decimal? TrailPrice = null,
    [property: Id(9)] decimal? TrailPercent = null,
    [property: Id(10)] TimeInForce TimeInForce = TimeInForce.Gtc,
    [property: Id(11)] bool Protective = false,
    [property: Id(12)] bool ReduceOnly = false,
    [property: Id(13)] ClientOrderId? ClientOrderId = null)
{
    /// <summary>The quantity with its sign: positive buys, negative sells.</summary>
    public decimal SignedQuantity => Side == OrderSide.Buy ? Quantity : -Quantity;
}
