using EmergencyStop.Grains.Orders;
using FsCheck;
using FsCheck.Fluent;

namespace EmergencyStop.Grains.Tests.Closing;

public sealed class ExposureTests
{
    [Theory]
    [InlineData(1, -10, 1)] // Long 1, sell 10 reduces by 1 only.
    [InlineData(10, -4, 4)]
    [InlineData(-3, 5, 3)]
    [InlineData(5, 5, 0)]
    [InlineData(0, -5, 0)]
    public void F18_Reducible_WithNothingElseWorking_NeverPassesZero(int position, int wanted, int expected) =>
        Assert.Equal(expected, Exposure.Reducible(position, wanted, []));

    [Fact]
    public void Reducible_CountsWhatIsInFlightOnTheSameSide() =>
        Assert.Equal(3m, Exposure.Reducible(10, -10, [-7m, 20m]));

    [Fact]
    public void Reducible_WhateverFillsFirst_NeverFlipsThePosition()
    {
        var quantities = Gen.Choose(-20, 20).Select(i => (decimal)i);
        var cases = from position in quantities
                    from wanted in quantities
                    from working in quantities.ListOf()
                    select (position, wanted, working);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var size = Exposure.Reducible(c.position, c.wanted, c.working);
            var worst = c.position + c.working.Where(w => Math.Sign(w) == Math.Sign(c.wanted)).Sum() + (Math.Sign(c.wanted) * size);
            return size == 0 || worst == 0 || Math.Sign(worst) == Math.Sign(c.position);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(10, 4, -4, 0)]
    [InlineData(10, 15, -10, 5)]
    [InlineData(-10, 4, 0, 4)]
    [InlineData(0, 4, 0, 4)]
    [InlineData(-6, -6, 6, 0)]
    [InlineData(5, 0, 0, 0)]
    public void StrategyShare_TradesOnlyWhatReducesTheAccount(int account, int attributed, int trade, int netted) =>
        Assert.Equal(((decimal)trade, (decimal)netted), Exposure.StrategyShare(account, attributed));
}
