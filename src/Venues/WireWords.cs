using EmergencyStop.Orders;

namespace EmergencyStop.Venues;

/// <summary>The words for orders on the wire, and back.</summary>
public static class WireWords
{
    /// <summary>The class of an order, as Alpaca spells it.</summary>
    public static string ToWire(this OrderType type) => type switch
    {
        OrderType.Market => "market",
        OrderType.Limit => "limit",
        OrderType.Stop => "stop",
        OrderType.StopLimit => "stop_limit",
        OrderType.TrailingStop => "trailing_stop",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such class of orders."),
    };

    /// <summary>The side, as Alpaca spells it.</summary>
    public static string ToWire(this OrderSide side) => side switch
    {
        OrderSide.Buy => "buy",
        OrderSide.Sell => "sell",
        _ => throw new ArgumentOutOfRangeException(nameof(side), side, "No such side."),
    };

    /// <summary>The time in force, as Alpaca spells it.</summary>
    public static string ToWire(this TimeInForce force) => force switch
    {
        TimeInForce.Gtc => "gtc",
        TimeInForce.Day => "day",
        TimeInForce.Ioc => "ioc",
        TimeInForce.Fok => "fok",
        _ => throw new ArgumentOutOfRangeException(nameof(force), force, "No such time in force."),
    };

    /// <summary>Reads a class of orders; <c>null</c> for a word that is none.</summary>
    public static OrderType? ReadType(string? word) => word switch
    {
        "market" => OrderType.Market,
        "limit" => OrderType.Limit,
        "stop" => OrderType.Stop,
        "stop_limit" => OrderType.StopLimit,
        "trailing_stop" => OrderType.TrailingStop,
        _ => null,
    };

    /// <summary>Reads a side; <c>null</c> for a word that is none.</summary>
    public static OrderSide? ReadSide(string? word) => word switch
    {
        "buy" => OrderSide.Buy,
        "sell" => OrderSide.Sell,
        _ => null,
    };

    /// <summary>Reads a time in force; <c>null</c> for a word that is none.</summary>
    public static TimeInForce? ReadForce(string? word) => word switch
    {
        "gtc" => TimeInForce.Gtc,
        "day" => TimeInForce.Day,
        "ioc" => TimeInForce.Ioc,
        "fok" => TimeInForce.Fok,
        _ => null,
    };
}
