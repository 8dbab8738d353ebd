using System.Text.Json.Serialization;

namespace EmergencyStop.Api.Orders;

/// <summary>What of a resting order is to be changed; what is left out stays. Numbers may be strings that hold one.</summary>
public sealed record ReplaceOrderBody
{
    /// <summary>The whole quantity, what has traded included.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? Quantity { get; init; }

    /// <summary>Limit and stop-limit orders: the worst price.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? LimitPrice { get; init; }

    /// <summary>Stop and stop-limit orders: the price that triggers.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? StopPrice { get; init; }

    /// <summary>Trailing stops: the distance, in the unit it was placed with.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? Trail { get; init; }
}
