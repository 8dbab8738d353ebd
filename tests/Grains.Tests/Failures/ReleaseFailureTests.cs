using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Failures;

/// <summary>Switches without a way back, or with one that nobody understood.</summary>
public sealed class ReleaseFailureTests
{
    [Fact]
    public async Task F19_AfterARelease_TradingGoesOn_AndNothingTripsAgain()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var (stop, _) = await world.StopAsync("SYSTEM", StopOptions.Panic);

        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id, resume: true));

        await world.PlaceAsync(World.Resting("alice"));
        await Task.Delay(TimeSpan.FromSeconds(1)); // Several rounds of the background reader.
        await world.PlaceAsync(World.Resting("alice"));
        Assert.Equal((1L, 1L), ((await world.Ledger.CountsAsync(CancellationToken.None)).Total, (await world.Ledger.CountsAsync(CancellationToken.None)).Completed));
        Assert.Equal(0, world.Ledger.Gate.Held);
    }

    [Fact]
    public async Task F20_ARelease_SaysWhatIsOpenAfterIt()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var (first, _) = await world.StopAsync("USER:alice");
        var (second, _) = await world.StopAsync("SYSTEM", new(PauseStrategies: false));

        var released = Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(first.Id));

        Assert.Equal((first.Target, "test"), (released.Stop.Target, released.Stop.Release?.Reason));
        Assert.Equal(second.Id, Assert.Single(released.StillHeld).Stop);
        Assert.Equal("s1", Assert.Single(released.StillPaused).Value);
    }
}
