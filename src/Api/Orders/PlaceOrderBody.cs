using System.Text.Json.Serialization;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Api.Orders;

/// <summary>An order. Prices and quantities may be JSON numbers, or strings that hold one.</summary>
public sealed record PlaceOrderBody
{
    /// <summary>Whose book it is.</summary>
    public UserId? UserId { get; init; }

    /// <summary>Who decided on it.</summary>
    public StrategyId? StrategyId { get; init; }

    /// <summary>What to trade, in any of its spellings.</summary>
    public Symbol? Symbol { get; init; }

    /// <summary>Which way.</summary>
    public OrderSide? Side { get; init; }

    /// <summary>How much, above 0.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? Quantity { get; init; }

    /// <summary>The order's class.</summary>
    public OrderType? Type { get; init; }

    /// <summary>Limit and stop-limit orders: the worst price.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? LimitPrice { get; init; }

    /// <summary>Stop and stop-limit orders: the price that triggers.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? StopPrice { get; init; }

    /// <summary>Trailing stops: distance from the best price seen.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? TrailPrice { get; init; }

    /// <summary>Trailing stops: the same in percent, above 0 and below 100.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public decimal? TrailPercent { get; init; }

    /// <summary>How long it stays in force; default <c>gtc</c>.</summary>
    public TimeInForce? TimeInForce { get; init; }

    /// <summary>Guards a position: a stop with <c>keep_protective</c> leaves it until flat.</summary>
    public bool? Protective { get; init; }

    /// <summary>May only reduce the position.</summary>
    public bool? ReduceOnly { get; init; }

    /// <summary>Sends a reduce-only order past a closed gate, by name; a risk officer only.</summary>
    public PastGateBody? PastGate { get; init; }

    /// <summary>The caller's own name for it; the same name of a user twice is the same order.</summary>
    public ClientOrderId? ClientOrderId { get; init; }
}
