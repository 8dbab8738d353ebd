using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using FsCheck;
using FsCheck.Fluent;

namespace EmergencyStop.Ledger.Tests.Orders;

public sealed class FillAttributionTests
{
    private static readonly StrategyId A = StrategyId.Parse("a");
    private static readonly StrategyId B = StrategyId.Parse("b");
    private static readonly StrategyId C = StrategyId.Parse("c");

    [Fact]
    public void AnOrdersFill_IsItsStrategys() =>
        Assert.Equal([(A, 3m)], FillAttribution.Shares(Order(OrderOrigin.Placed, A), 3, [(B, -5)]));

    [Fact]
    public void AClosingFill_ReducesTheSideItCloses_LargestFirst()
    {
        var shares = FillAttribution.Shares(Order(OrderOrigin.Closing, null), -7, [(A, 2), (B, 6), (C, -4)]);

        Assert.Equal([(B, -6m), (A, -1m)], shares);
    }

    [Fact]
    public void AClosingFill_BeyondWhatStrategiesHold_IsNobodys()
    {
        var shares = FillAttribution.Shares(Order(OrderOrigin.Closing, null), 7, [(A, -2), (B, -2), (C, 4)]);

        Assert.Equal([(A, 2m), (B, 2m), ((StrategyId?)null, 3m)], shares);
    }

    [Fact]
    public void AClosingFill_OfAStrategyStop_IsThatStrategysOnly() =>
        Assert.Equal([(A, -5m)], FillAttribution.Shares(Order(OrderOrigin.Closing, A), -5, [(A, 2), (B, 6)]));

    [Fact]
    public void AnAdoptedFill_IsNobodys() =>
        Assert.Equal([((StrategyId?)null, 4m)], FillAttribution.Shares(Order(OrderOrigin.Adopted, null), 4, [(A, -9)]));

    [Fact]
    public void AnyClosingFill_IsSharedWhole_AndTakesNobodyPastZero()
    {
        var positions = Gen.Three(Gen.Choose(-20, 20).Select(q => q / 4m));
        var fills = Gen.Choose(-40, 40).Where(f => f != 0).Select(f => f / 4m);
        Prop.ForAll(Arb.From(positions), Arb.From(fills), (held, traded) =>
        {
            var before = new Dictionary<StrategyId, decimal> { [A] = held.Item1, [B] = held.Item2, [C] = held.Item3 };
            var shares = FillAttribution.Shares(Order(OrderOrigin.Closing, null), traded, [.. before.Select(p => (p.Key, p.Value))]);

            Assert.Equal(traded, shares.Sum(s => s.Quantity));
            foreach (var (strategy, share) in shares)
            {
                if (strategy is { } id)
                {
                    Assert.Equal(-Math.Sign(before[id]), Math.Sign(share));
                    Assert.True(Math.Abs(share) <= Math.Abs(before[id]));
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    private static Order Order(OrderOrigin origin, StrategyId? strategy) => new(
        OrderId.Parse("o"),
        new(UserId.Parse("alice"), strategy, Symbol.Parse("BTC-USD"), OrderSide.Sell, 10, OrderType.Market),
        AccountId.Parse("acc"), 1, OrderState.Open, default, default, Origin: origin);
}
