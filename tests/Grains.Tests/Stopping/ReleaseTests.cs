using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>Only the right person lets trading go on, and only once nothing is owed.</summary>
public sealed class ReleaseTests
{
    [Fact]
    public async Task Release_OfOneOfTwoStops_LeavesTheOther()
    {
        await using var world = await World.StartAsync();
        var (first, _) = await world.StopAsync("USER:alice");
        var (second, _) = await world.StopAsync("SYMBOL:AAPL");
        var released = Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(first.Id));
        Assert.NotNull(released.Stop.Release);
        var refused = Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice")));
        Assert.Equal(second.Id, refused.By.Stop);
    }

    [Fact]
    public async Task Release_ByATrader_LiftsOwnStopsOnly()
    {
        await using var world = await World.StartAsync();
        var (own, _) = await world.StopAsync("USER:alice", by: World.Trader("alice"));
        var (officers, _) = await world.StopAsync("USER:alice");
        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(own.Id, World.Trader("alice")));
        Assert.IsType<ReleaseAnswer.Forbidden>(await world.ReleaseAsync(officers.Id, World.Trader("alice")));
        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(officers.Id));
    }

    [Fact]
    public async Task Release_WithResume_LetsThePausedStrategiesTrade()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var (stop, _) = await world.StopAsync("USER:alice");
        var released = Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id, resume: true));
        Assert.Empty(released.StillPaused);
        await world.PlaceAsync(World.Resting("alice"));
    }

    [Fact]
    public async Task F6_F8_Release_WhileTheVenueIsDown_IsRefusedWithTheList_AndTheStopEndsWhenItReturns()
    {
        await using var world = await World.StartAsync();
        var order = await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { Down = true });
        var (stop, result) = await world.StopAsync("USER:alice");
        Assert.Equal(StopState.Outstanding, result.State);
        Assert.False(result.Success);
        Assert.Contains(result.Outstanding, o => o.Item == order.Id.Value && o.Outcome == OutcomeKind.Unknown);

        var refused = Assert.IsType<ReleaseAnswer.Outstanding>(await world.ReleaseAsync(stop.Id));
        Assert.NotEmpty(refused.Items);

        world.Faults.Change(f => f with { Down = false });
        var outcomes = await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(OutcomeKind.Cancelled, outcomes.Single(o => o.Kind == ObligationKind.Order).Outcome);
        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resume_ByATrader_LiftsThePauseOfAnOwnStopOnly(bool own)
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var (stop, _) = await world.StopAsync("USER:alice", by: own ? World.Trader("alice") : World.Officer);
        await world.ReleaseAsync(stop.Id);
        var answer = await world.Strategy("s1").ResumeAsync(World.Trader("alice"), "checked", CancellationToken.None);
        Assert.Equal(own, answer is ResumeAnswer.Resumed);
        Assert.Equal(own, await world.TryPlaceAsync(World.Resting("alice")) is PlaceAnswer.Admitted);
    }

    [Fact]
    public async Task F17_Restart_NeverReleases()
    {
        var before = await World.StartAsync();
        var (stop, _) = await before.StopAsync("SYSTEM");
        await before.AbandonAsync();
        await using var world = await World.StartAsync(before);
        var refused = Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice")));
        Assert.Equal(stop.Id, refused.By.Stop);
    }
}
