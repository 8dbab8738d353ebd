using EmergencyStop.Orders;

namespace EmergencyStop.Grains.Orders;

/// <summary>In which order cancels go out where a rate limit makes them wait (F24): the largest exposure first. Pure.</summary>
public static class SweepOrder
{
    /// <summary>What an order could still trade, in money; <see cref="decimal.MaxValue"/> where no price bounds it.</summary>
    public static decimal Exposure(Order order)
    {
        var terms = order.Terms;
        var price = terms.Type switch
        {
            OrderType.Limit or OrderType.StopLimit => terms.LimitPrice,
            OrderType.Stop => terms.StopPrice,
            _ => null, // A market order trades at any price, and of an adopted order no price is known.
        };
        return price is { } known ? Math.Max(0, terms.Quantity - order.FilledQuantity) * known : decimal.MaxValue;
    }

    /// <summary>The orders, largest exposure first; those alike as they came.</summary>
    public static Order[] ByExposure(IEnumerable<Order> orders) => [.. orders.OrderByDescending(Exposure)];
}
