using EmergencyStop.Ids;
using EmergencyStop.Ledger;

namespace EmergencyStop.Grains.Tests.Failures;

/// <summary>What a caller of a grain hears while the ledger cannot be used.</summary>
public sealed class LedgerFailureTests
{
    [Fact]
    public async Task EachCallThatNeedsTheLedger_SaysThatItIsTheLedger()
    {
        await using var world = await World.StartAsync();
        var order = await world.PlaceAsync(World.Resting("alice"));
        var named = World.AtMarket("alice", -1) with { ReduceOnly = true, ClientOrderId = ClientOrderId.Parse("mine") };
        world.Fault.Set(LedgerTrouble.Down);

        await SaysSoAsync(() => world.User("alice").CancelAsync(order.Id, CancellationToken.None));
        await SaysSoAsync(() => world.User("alice").ReplaceAsync(order.Id, new(Quantity: 2), null, CancellationToken.None));
        await SaysSoAsync(() => world.TryPlaceAsync(named));
        await SaysSoAsync(() => world.Strategy("s1").ResumeAsync(World.Officer, "it may trade", CancellationToken.None));
    }

    private static async Task SaysSoAsync(Func<Task> call)
    {
        var heard = await Assert.ThrowsAsync<LedgerUnavailableException>(call);
        Assert.Equal("The test says so.", heard.Message);
    }
}
