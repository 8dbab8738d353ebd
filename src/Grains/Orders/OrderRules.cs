using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>What can be seen to be wrong with an order without asking anybody. Pure.</summary>
public static class OrderRules
{
    /// <summary>Largest quantity and price: a slip of the keyboard stops here, and products of the two stay exact.</summary>
    public const decimal Most = 1_000_000_000m;

    /// <summary>The first thing that is wrong, by wire name, or <c>null</c>.</summary>
    public static (string Field, string Why)? Check(OrderTerms terms, VenueDescription venue)
    {
        if (terms.Quantity is <= 0 or > Most)
        {
            return ("quantity", $"quantity must be above 0 and at most {Most:0}.");
        }

        if (!venue.OrderTypes.Contains(terms.Type))
        {
            return ("type", $"{venue.Name} does not take {Wire(terms.Type)} orders.");
        }

        return CheckPrice("limit_price", terms.LimitPrice, terms.Type is OrderType.Limit or OrderType.StopLimit, terms.Type)
            ?? CheckPrice("stop_price", terms.StopPrice, terms.Type is OrderType.Stop or OrderType.StopLimit, terms.Type)
            ?? CheckTrail(terms);
    }

    private static (string Field, string Why)? CheckPrice(string field, decimal? price, bool needed, OrderType type) => price switch
    {
        null when needed => (field, $"a {Wire(type)} order needs {field}."),
        not null when !needed => (field, $"a {Wire(type)} order takes no {field}."),
        <= 0 or > Most => (field, $"{field} must be above 0 and at most {Most:0}."),
        _ => null,
    };

    private static (string Field, string Why)? CheckTrail(OrderTerms terms)
    {
        var trailing = terms.Type == OrderType.TrailingStop;
        return (terms.TrailPrice, terms.TrailPercent) switch
        {
            (null, null) when trailing => ("trail_price", "a trailing_stop order needs trail_price or trail_percent."),
            (null, null) => null,
            (not null, not null) => ("trail_percent", "give trail_price or trail_percent, not both."),
            _ when !trailing => (terms.TrailPrice is null ? "trail_percent" : "trail_price", $"a {Wire(terms.Type)} order takes no trail."),
            (<= 0 or > Most, _) => ("trail_price", $"trail_price must be above 0 and at most {Most:0}."),
            (_, <= 0 or >= 100) => ("trail_percent", "trail_percent must be above 0 and below 100."),
            _ => null,
        };
    }

    private static string Wire(OrderType type) => type switch
    {
        OrderType.Market => "market",
        OrderType.Limit => "limit",
        OrderType.Stop => "stop",
        OrderType.StopLimit => "stop_limit",
        _ => "trailing_stop",
    };
}
