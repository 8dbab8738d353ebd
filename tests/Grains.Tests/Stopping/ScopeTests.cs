using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>Each scope stops what is in it, and nothing else (laws 1, 2 and 7; F1, F2, F4).</summary>
public sealed class ScopeTests
{
    [Theory]
    [InlineData("USER:alice", 4)]
    [InlineData("STRATEGY:s1", 4)]
    [InlineData("SYMBOL:AAPL", 4)]
    [InlineData("USER:alice/SYMBOL:AAPL", 2)]
    [InlineData("SYSTEM", 8)]
    public async Task F2_Stop_CancelsWhatIsInScope_AndLeavesTheRest(string target, int inScope)
    {
        await using var world = await World.StartAsync();
        var orders = new List<Order>();
        foreach (var user in (string[])["alice", "bob"])
        {
            foreach (var symbol in (string[])["AAPL", "BTC-USD"])
            {
                orders.Add(await world.PlaceAsync(World.Resting(user, symbol, "s1")));
                orders.Add(await world.PlaceAsync(World.Resting(user, symbol, "s2")));
            }
        }

        var (stop, result) = await world.StopAsync(target);

        Assert.Equal((StopState.Completed, inScope), (result.State, result.OrdersCancelled));
        var parsed = StopTarget.Parse(target);
        var expected = orders.Where(o => !parsed.Covers(o.Terms)).Select(o => o.Id.Value).Order(StringComparer.Ordinal);
        var open = world.OpenAtVenue("alice").Concat(world.OpenAtVenue("bob")).Select(o => o.Request.ClientOrderId).Order(StringComparer.Ordinal);
        Assert.Equal(expected, open);
        foreach (var order in orders)
        {
            var answer = await world.TryPlaceAsync(order.Terms with { Strategy = parsed.Strategy is null ? null : order.Terms.Strategy });
            var refused = answer is PlaceAnswer.GateClosed closed && closed.By.Stop == stop.Id;
            Assert.Equal(parsed.Covers(order.Terms), refused);
        }
    }

    [Theory]
    [InlineData("USER:alice", 2)]
    [InlineData("STRATEGY:s1", 1)]
    [InlineData("SYMBOL:AAPL", 2)]
    [InlineData("SYSTEM", 3)]
    public async Task Stop_PausesTheStrategiesInScope(string target, int paused)
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice", "AAPL", "s1"));
        await world.PlaceAsync(World.Resting("alice", "BTC-USD", "s2"));
        await world.PlaceAsync(World.Resting("bob", "AAPL", "s3"));
        var (stop, result) = await world.StopAsync(target);
        Assert.Equal((StopState.Completed, paused), (result.State, result.StrategiesPaused));

        Assert.IsType<Releasing.ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
        Assert.IsType<PlaceAnswer.StrategyPaused>(await world.TryPlaceAsync(World.Resting("alice", "AAPL", "s1")));
    }

    [Fact]
    public async Task CancelOnly_CancelsWhatIsThere_AndHoldsNothing()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var (stop, result) = await world.StopAsync("USER:alice", new(PauseStrategies: false, CancelOnly: true));
        Assert.Equal((StopState.Completed, 1), (result.State, result.OrdersCancelled));
        Assert.False(stop.HoldsLatch);
        await world.PlaceAsync(World.Resting("alice"));
        Assert.Single(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task Stop_WithoutCancelling_ClosesTheGateOnly()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var (_, result) = await world.StopAsync("USER:alice", new(CancelOrders: false, PauseStrategies: false));
        Assert.Equal((StopState.Completed, 0, 0), (result.State, result.OrdersCancelled, result.StrategiesPaused));
        Assert.Single(world.OpenAtVenue("alice"));
        Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice")));
    }

    [Fact]
    public async Task F4_Stop_SweepsEveryOrderClass()
    {
        await using var world = await World.StartAsync();
        var limit = World.Resting("alice");
        OrderTerms[] classes =
        [
            limit,
            limit with { Type = OrderType.Stop, LimitPrice = null, StopPrice = 150 },
            limit with { Type = OrderType.StopLimit, LimitPrice = 151, StopPrice = 150 },
            limit with { Type = OrderType.TrailingStop, LimitPrice = null, TrailPercent = 40 },
            limit with { Type = OrderType.TrailingStop, LimitPrice = null, TrailPrice = 40 },
        ];
        foreach (var terms in classes)
        {
            await world.PlaceAsync(terms);
        }

        Assert.Equal(classes.Length, world.OpenAtVenue("alice").Length);
        var (_, result) = await world.StopAsync("USER:alice");
        Assert.Equal((StopState.Completed, classes.Length), (result.State, result.OrdersCancelled));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task Stop_CancelsOrdersPlacedPastTheService()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.PlacePast("alice", "AAPL");
        var (_, result) = await world.StopAsync("USER:alice");
        Assert.Equal((StopState.Completed, 2), (result.State, result.OrdersCancelled));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task F2_StrategyStop_NeverTouchesOrdersWithoutARow()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.PlacePast("alice", "AAPL");
        var (_, result) = await world.StopAsync("STRATEGY:s1");
        Assert.Equal((StopState.Completed, 1), (result.State, result.OrdersCancelled));
        Assert.Single(world.OpenAtVenue("alice"));
    }
}
