using EmergencyStop.Grains.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Braking;

/// <summary>What one look of the brake does once the ledger has the stop.</summary>
public sealed class AccountBrakeTests
{
    private static readonly AccountId Account = AccountId.Parse("alice");

    [Fact] // law 7
    public async Task LookThatIsAnsweredAfterTheStopWasRecorded_CancelsNothing()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var (stop, _) = await world.StopAsync("USER:bob");
        var other = stop with { Number = 0, Request = stop.Request with { Target = StopTarget.Of(UserId.Parse("alice")) } };
        using var ending = new CancellationTokenSource();
        var brake = new AccountBrake(other, Account, world.Sight);

        world.Faults.Change(f => f with { Latency = TimeSpan.FromMilliseconds(200) });
        var look = brake.LookAsync(ending.Token);
        await ending.CancelAsync();

        Assert.False(await look);
        Assert.Single(world.OpenAtVenue("alice"));

        await brake.LookAsync(CancellationToken.None);
        Assert.Empty(world.OpenAtVenue("alice"));
    }
}
