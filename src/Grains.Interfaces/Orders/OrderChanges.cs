using Orleans;

namespace EmergencyStop.Orders;

/// <summary>What of a resting order is to be changed; <c>null</c> leaves it.</summary>
/// <param name="Quantity">The whole quantity, what has traded included.</param>
/// <param name="LimitPrice">The worst price.</param>
/// <param name="StopPrice">The price that triggers.</param>
/// <param name="Trail">A trailing stop's distance, in the unit it was placed with.</param>
[GenerateSerializer, Immutable, Alias("order-changes")]
public sealed record OrderChanges(
    [property: Id(0)] decimal? Quantity = null,
    [property: Id(1)] decimal? LimitPrice = null,
    [property: Id(2)] decimal? StopPrice = null,
    [property: Id(3)] decimal? Trail = null)
{
    /// <summary>The terms of the order that takes the place of one with these.</summary>
    public OrderTerms Over(OrderTerms terms, Ids.ClientOrderId? clientOrderId) => terms with
    {
        Quantity = Quantity ?? terms.Quantity,
        LimitPrice = LimitPrice ?? terms.LimitPrice,
        StopPrice = StopPrice ?? terms.StopPrice,
        TrailPrice = terms.TrailPercent is null ? Trail ?? terms.TrailPrice : terms.TrailPrice,
        TrailPercent = terms.TrailPercent is null ? null : Trail ?? terms.TrailPercent,
        ClientOrderId = clientOrderId,
    };
}
