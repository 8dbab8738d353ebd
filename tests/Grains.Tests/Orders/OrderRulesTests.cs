using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Tests.Orders;

public sealed class OrderRulesTests
{
    private static readonly OrderTerms Market = new(
        UserId.Parse("alice"), StrategyId.Parse("s1"), Symbol.Parse("AAPL"), OrderSide.Buy, 1, OrderType.Market);

    private static readonly VenueDescription Venue = new(
        "test", [.. Enum.GetValues<OrderType>()], MassCancelScope.None, TimeSpan.Zero, true, true, false);

    public static TheoryData<OrderTerms, string?> Cases => new()
    {
        { Market, null },
        { Market with { Quantity = 0 }, "quantity" },
        { Market with { Quantity = 2_000_000_000 }, "quantity" },
        { Market with { LimitPrice = 1 }, "limit_price" },
        { Market with { Type = OrderType.Limit }, "limit_price" },
        { Market with { Type = OrderType.Limit, LimitPrice = -1 }, "limit_price" },
        { Market with { Type = OrderType.Limit, LimitPrice = 1 }, null },
        { Market with { Type = OrderType.Stop }, "stop_price" },
        { Market with { Type = OrderType.StopLimit, LimitPrice = 1 }, "stop_price" },
        { Market with { Type = OrderType.StopLimit, LimitPrice = 1, StopPrice = 1 }, null },
        { Market with { Type = OrderType.TrailingStop }, "trail_price" },
        { Market with { Type = OrderType.TrailingStop, TrailPercent = 100 }, "trail_percent" },
        { Market with { Type = OrderType.TrailingStop, TrailPercent = 1, TrailPrice = 1 }, "trail_percent" },
        { Market with { Type = OrderType.TrailingStop, TrailPrice = 1 }, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_NamesTheFieldThatIsWrong(OrderTerms terms, string? field) =>
        Assert.Equal(field, OrderRules.Check(terms, Venue)?.Field);

    [Fact]
    public void Check_AnOrderClassThatTheVenueLacks_IsRefused() =>
        Assert.Equal("type", OrderRules.Check(Market, Venue with { OrderTypes = ImmutableArray<OrderType>.Empty })?.Field);
}
