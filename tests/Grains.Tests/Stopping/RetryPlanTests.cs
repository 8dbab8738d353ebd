using EmergencyStop.Grains.Orders;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

public sealed class RetryPlanTests
{
    private static readonly UserId Alice = UserId.Parse("alice");
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(10)]
    [InlineData(10, null, null)]
    [InlineData(10, -5)]
    [InlineData(3, 3)]
    [InlineData(3, 3, null)]
    [InlineData(10, 60, null)]
    [InlineData(60, 60, 90)]
    [InlineData(300, 3600)]
    public void NextPass_ComesWithTheBackoff_UnlessATimeIsNamed(int expected, params int?[] nextTries) => Assert.Equal(
        TimeSpan.FromSeconds(expected),
        RetryPlan.Wait(
            [.. nextTries.Select(s => s is { } seconds ? Now.AddSeconds(seconds) : (DateTimeOffset?)null)], Now, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(300)));

    [Fact]
    public void Cancels_GoOutByExposure_LargestFirst() // F24
    {
        var market = Row(World.AtMarket("alice", 1));
        var large = Row(World.Resting("alice") with { Quantity = 9 });
        var filled = Row(World.Resting("alice") with { Quantity = 10 }) with { FilledQuantity = 8 };
        var small = Row(World.Resting("alice"));
        Assert.Equal([market, large, filled, small], SweepOrder.ByExposure([small, filled, large, market]));
    }

    [Theory]
    [InlineData("USER:alice", true)]
    [InlineData("SYSTEM", true)]
    [InlineData("SYMBOL:AAPL", false)]
    [InlineData("STRATEGY:s1", false)]
    [InlineData("USER:alice/SYMBOL:AAPL", false)]
    public void F2_MassCancel_IsNeverWiderThanTheScope(string target, bool exact)
    {
        var stop = new Stop(
            StopId.Parse("s-1"), 7, new(StopTarget.Parse(target), new(), EmergencyStopReason.UserInitiated, string.Empty, World.Officer, Now),
            StopState.Working, new(), [], null, null);
        var carved = stop with { CarveOuts = [new(StopTarget.Parse("USER:alice/SYMBOL:MSFT"), 8, "officer", Now, "hedge")] };
        var putBack = stop with { CarveOuts = [carved.CarveOuts[0] with { PutBack = 9 }] };
        var keeps = stop with { Request = stop.Request with { Options = new(KeepProtective: true) } };
        var released = stop with { Release = new(9, "officer", Now, "done") };
        Assert.Equal((exact, exact), (stop.CoversWholeBook(Alice), putBack.CoversWholeBook(Alice)));
        Assert.All([carved, keeps, released], s => Assert.False(s.CoversWholeBook(Alice)));
    }

    private static Order Row(OrderTerms terms) => new(OrderId.Parse("o-1"), terms, AccountId.Parse("alice"), 1, OrderState.Open, Now, Now);
}
