using EmergencyStop.Grains.Closing;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Grains.Tests.Closing;

public sealed class ClosingPlanTests
{
    [Fact]
    public void F5_Of_FlatButSomethingWorking_IsNotFlat() =>
        Assert.IsType<ClosingPlan.Blocked>(ClosingPlan.Of(0, null, inScope: [5m], others: []));

    [Fact]
    public void Of_NothingLeft_IsFlat() => Assert.IsType<ClosingPlan.Flat>(ClosingPlan.Of(0, null, [], []));

    [Fact]
    public void Of_LongPosition_SellsAllOfIt() => Assert.Equal(new ClosingPlan.Trade(-7), ClosingPlan.Of(7, null, [], []));

    [Fact]
    public void Of_AnotherStrategysSellInFlight_LeavesItsPart() =>
        Assert.Equal(new ClosingPlan.Trade(-3), ClosingPlan.Of(10, 10, [], others: [-7m]));

    [Fact]
    public void Of_StrategyNettedByOthers_IsBlockedAndSaysSo()
    {
        var plan = Assert.IsType<ClosingPlan.Blocked>(ClosingPlan.Of(0, 4, [], []));
        Assert.Equal("netted", plan.Phase);
        Assert.False(plan.MayResolve);
    }

    [Fact]
    public void Terms_CarryACollarAndReduceOnly()
    {
        var terms = ClosingPlan.Terms(UserId.Parse("alice"), null, Symbol.Parse("AAPL"), -3, 100m, 5);
        Assert.Equal((OrderSide.Sell, 3m, 95m, true, TimeInForce.Ioc), (terms.Side, terms.Quantity, terms.LimitPrice, terms.ReduceOnly, terms.TimeInForce));
        Assert.Equal(105m, ClosingPlan.Terms(UserId.Parse("alice"), null, Symbol.Parse("AAPL"), 3, 100m, 5).LimitPrice);
    }

    [Fact]
    public void Terms_OfAFractionOfAShare_AreForTheDay() =>
        Assert.Equal(TimeInForce.Day, ClosingPlan.Terms(UserId.Parse("alice"), null, Symbol.Parse("AAPL"), -0.5m, 100m, 5).TimeInForce);

    [Fact]
    public void F23_ClosingId_IsTheSameForTheSameAttemptOnly()
    {
        var (stop, account, symbol) = (StopId.Parse("s-1"), AccountId.Parse("alice"), Symbol.Parse("AAPL"));
        Assert.Equal(ClosingId.Of(stop, account, symbol, 1), ClosingId.Of(stop, account, symbol, 1));
        Assert.NotEqual(ClosingId.Of(stop, account, symbol, 1), ClosingId.Of(stop, account, symbol, 2));
        Assert.True(ClosingId.Of(stop, account, symbol, 1).Value.Length <= 48, "Alpaca's client_order_id holds 48 characters.");
    }
}
