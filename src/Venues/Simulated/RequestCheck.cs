using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>What the market refuses without looking at the book.</summary>
internal static class RequestCheck
{
    /// <summary>Largest quantity and price; beyond them sums would lose digits.</summary>
    private const decimal Largest = 1_000_000_000;

    /// <summary>Longest client order id; Alpaca's limit too.</summary>
    private const int LongestClientId = 48;

    /// <summary>Most decimals of a quantity or a price.</summary>
    private const int Decimals = 9;

    public static SimulatedRefusal? Check(SimulatedOrderRequest request)
    {
        var message = WrongId(request.ClientOrderId)
            ?? WrongNumber("qty", request.Quantity)
            ?? WrongLimit(request)
            ?? WrongTrigger(request);
        return message is null ? null : SimulatedRefusal.Invalid(message);
    }

    private static string? WrongId(string clientOrderId) =>
        clientOrderId.Length is 0 or > LongestClientId ? $"client_order_id must have 1 to {LongestClientId} characters" : null;

    private static string? WrongNumber(string name, decimal? number)
    {
        if (number is not { } value)
        {
            return null;
        }

        return value is <= 0 or > Largest ? $"{name} must be > 0 and at most {Largest}"
            : Math.Round(value, Decimals) != value ? $"{name} must have at most {Decimals} decimals"
            : null;
    }

    private static string? WrongLimit(SimulatedOrderRequest request)
    {
        var wanted = request.Type is OrderType.Limit or OrderType.StopLimit;
        return wanted == request.LimitPrice.HasValue
            ? WrongNumber("limit_price", request.LimitPrice)
            : wanted ? $"{request.Type.ToWire()} orders require limit_price" : $"{request.Type.ToWire()} orders take no limit_price";
    }

    private static string? WrongTrigger(SimulatedOrderRequest request)
    {
        var (stop, trail, percent) = (request.Trigger?.StopPrice, request.Trigger?.TrailPrice, request.Trigger?.TrailPercent);
        switch (request.Type)
        {
            case OrderType.Stop or OrderType.StopLimit when stop is null || trail is not null || percent is not null:
                return $"{request.Type.ToWire()} orders require stop_price and take no trail";
            case OrderType.TrailingStop when stop is not null || trail.HasValue == percent.HasValue:
                return "trailing_stop orders require one of trail_price and trail_percent, and take no stop_price";
            case OrderType.Market or OrderType.Limit when request.Trigger is not null:
                return $"{request.Type.ToWire()} orders take no stop_price and no trail";
        }

        return percent is >= 100 ? "trail_percent must be < 100"
            : WrongNumber("stop_price", stop) ?? WrongNumber("trail_price", trail) ?? WrongNumber("trail_percent", percent);
    }
}
