using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Api.Orders;

/// <summary>Makes an order's terms of a body, or says everything that is wrong with it. Pure.</summary>
internal static class OrderReading
{
    /// <summary>Largest quantity or price. Far above any honest one, far below where decimals lose digits.</summary>
    public const decimal Most = 1_000_000_000_000m;

    /// <summary>Most decimal places of a quantity or price.</summary>
    public const int MostDecimals = 12;

    /// <summary>The terms; only to be used when no error was noted.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="derived">The client order id when the body has none; from the idempotency key.</param>
    /// <param name="errors">What is wrong.</param>
    public static OrderTerms Read(PlaceOrderBody body, ClientOrderId? derived, FieldErrors errors)
    {
        var terms = new OrderTerms(
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
        CheckAmount("quantity", body.Quantity, errors);
        CheckAmount("limit_price", body.LimitPrice, errors);
        CheckAmount("stop_price", body.StopPrice, errors);
        CheckAmount("trail_price", body.TrailPrice, errors);
        CheckAmount("trail_percent", body.TrailPercent, errors);
        errors.AddIf(body.TrailPercent >= 100, "trail_percent", "trail_percent must be below 100.");
        if (body.Type is { } type)
        {
            CheckPrices(type, body, errors);
        }

        return terms;
    }

    private static void CheckAmount(string field, decimal? amount, FieldErrors errors)
    {
        errors.AddIf(amount <= 0, field, $"{field} must be above 0.");
        errors.AddIf(amount > Most, field, $"{field} must not exceed {Most}.");
        errors.AddIf(
            amount is { } a && decimal.Round(Math.Clamp(a, -Most, Most), MostDecimals) != Math.Clamp(a, -Most, Most),
            field,
            $"{field} may have {MostDecimals} decimals.");
    }

    private static void CheckPrices(OrderType type, PlaceOrderBody body, FieldErrors errors)
    {
        CheckPresence("limit_price", body.LimitPrice, type is OrderType.Limit or OrderType.StopLimit, type, errors);
        CheckPresence("stop_price", body.StopPrice, type is OrderType.Stop or OrderType.StopLimit, type, errors);
        if (type != OrderType.TrailingStop)
        {
            CheckPresence("trail_price", body.TrailPrice, wanted: false, type, errors);
            CheckPresence("trail_percent", body.TrailPercent, wanted: false, type, errors);
        }
        else
        {
            errors.AddIf(
                body.TrailPrice is null == body.TrailPercent is null,
                "trail_price",
                "A trailing_stop order needs either trail_price or trail_percent.");
        }
    }

    private static void CheckPresence(string field, decimal? price, bool wanted, OrderType type, FieldErrors errors)
    {
        var word = Words<OrderType>.Of(type);
        errors.AddIf(wanted && price is null, field, $"A {word} order needs {field}.");
        errors.AddIf(!wanted && price is not null, field, $"A {word} order takes no {field}.");
    }
}
