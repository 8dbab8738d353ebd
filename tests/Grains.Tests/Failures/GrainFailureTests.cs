using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Failures;

/// <summary>Switches that failed with what they ran on.</summary>
public sealed class GrainFailureTests
{
    [Fact]
    public async Task F12_WhoeverPressesAndFails_HasClosedTheGate_AndTheStopGoesOn()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { Latency = TimeSpan.FromSeconds(1) });
        using var gone = new CancellationTokenSource();
        var request = new EmergencyStopRequest(
            StopTarget.Parse("USER:alice"), new(), EmergencyStopReason.RiskViolation, "rule", World.Officer, TimeProvider.System.GetUtcNow());

        var pressing = world.System.StopAsync(request, TimeSpan.FromMinutes(1), gone.Token);
        while (world.Ledger.Gate.Held == 0)
        {
            await Task.Delay(5);
        }

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pressing);

        var refused = Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice")));
        await world.UntilAsync(refused.By.Stop, StopState.Completed);
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task F25_AStop_IsNotQueuedBehindALongAwait()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { Latency = TimeSpan.FromSeconds(4) });
        var placing = world.TryPlaceAsync(World.Resting("alice"));
        while ((await world.Ledger.ActiveOrdersAsync(EmergencyStop.Ids.UserId.Parse("alice"), CancellationToken.None)).Length < 2)
        {
            await Task.Delay(5);
        }

        var (stop, _) = await world.StopAsync("USER:alice", waitSeconds: 0);

        Assert.False(placing.IsCompleted, "The stop waited for an order that its venue keeps waiting.");
        world.Faults.Change(f => f with { Latency = TimeSpan.Zero });
        await placing;
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task F25_TwoActivationsOfOneUser_LetNothingThrough()
    {
        await using var one = await World.StartAsync();
        await using var twin = await World.StartAsync(one);
        var orders = new List<Order>();
        for (var i = 0; i < 5; i++)
        {
            orders.Add(await one.PlaceAsync(World.Resting("alice")));
            orders.Add(await twin.PlaceAsync(World.Resting("alice")));
        }

        var (stop, result) = await twin.StopAsync("USER:alice");

        Assert.Equal((StopState.Completed, 10), (result.State, result.OrdersCancelled));
        Assert.Empty(one.OpenAtVenue("alice"));
        Assert.Equal(stop.Id, Assert.IsType<PlaceAnswer.GateClosed>(await one.TryPlaceAsync(World.Resting("alice"))).By.Stop);
        Assert.Equal(stop.Id, Assert.IsType<PlaceAnswer.GateClosed>(await twin.TryPlaceAsync(World.Resting("alice"))).By.Stop);
    }
}
