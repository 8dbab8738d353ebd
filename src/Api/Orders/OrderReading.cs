using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Api.Orders;

/// <summary>Makes an order's terms of a body, or says which fields are missing; what they may be, the order's own rules say. Pure.</summary>
internal static class OrderReading
{
    /// <summary>The terms; only to be used when no error was noted.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="derived">The client order id when the body has none; from the idempotency key.</param>
    /// <param name="errors">What is wrong.</param>
    public static OrderTerms Read(PlaceOrderBody body, ClientOrderId? derived, FieldErrors errors) => new(
        errors.Required("user_id", body.UserId),
        errors.Required("strategy_id", body.StrategyId),
        errors.Required("symbol", body.Symbol),
        errors.Required("side", body.Side),
        errors.Required("quantity", body.Quantity),
        errors.Required("type", body.Type),
        body.LimitPrice,
        body.StopPrice,
        body.TrailPrice,
        body.TrailPercent,
        body.TimeInForce ?? TimeInForce.Gtc,
        body.Protective ?? false,
        body.ReduceOnly ?? false,
        body.ClientOrderId ?? derived);
}
