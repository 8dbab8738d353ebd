using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Failures;

/// <summary>Switches that believed themselves.</summary>
public sealed class EvidenceFailureTests
{
    [Fact]
    public async Task F7_ThePosition_StandsUntilTheVenueHasClosedIt()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        world.Faults.Change(f => f with { Down = true });

        var (stop, result) = await world.StopAsync("USER:alice", StopOptions.Panic);

        Assert.Equal((StopState.Outstanding, 0), (result.State, result.PositionsClosed));
        Assert.Equal(7m, Assert.Single(await world.Ledger.PositionsAsync(UserId.Parse("alice"), null, null, CancellationToken.None)).Quantity);
        world.Faults.Change(f => f with { Down = false });
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(await world.Ledger.PositionsAsync(UserId.Parse("alice"), null, null, CancellationToken.None));
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task F10_EachItemHasItsOwnOutcome_AndTheCountsAreTheirs()
    {
        await using var world = await World.StartAsync();
        var orders = new List<Order>();
        for (var i = 0; i < 3; i++)
        {
            orders.Add(await world.PlaceAsync(World.Resting("alice")));
        }

        world.Faults.Change(f => f with { Down = true });
        var (stop, result) = await world.StopAsync("USER:alice");

        Assert.False(result.Success);
        Assert.Equal(0, result.OrdersCancelled);
        Assert.Equal(
            orders.Select(o => o.Id.Value).Order(StringComparer.Ordinal),
            result.Outstanding.Where(o => o.Kind == ObligationKind.Order).Select(o => o.Item).Order(StringComparer.Ordinal));
        world.Faults.Change(f => f with { Down = false });
        await world.UntilAsync(stop.Id, StopState.Completed);
        var after = (await world.System.ResultAsync(stop.Id, TimeSpan.Zero, CancellationToken.None))!; // The stop is there.
        Assert.Equal((true, 3), (after.Success, after.OrdersCancelled));
    }

    [Fact]
    public async Task F15_AFillWhileStopped_IsRecorded()
    {
        await using var world = await World.StartAsync();
        var order = await world.PlaceAsync(World.Resting("alice"));
        var (_, result) = await world.StopAsync("SYSTEM", new(CancelOrders: false));
        Assert.Equal(StopState.Completed, result.State);

        world.Market.SetPrice(Symbol.Parse("AAPL"), 50);

        for (var i = 0; i < 400 && (await world.Ledger.FindOrderAsync(order.Id, CancellationToken.None))?.State != OrderState.Filled; i++)
        {
            await Task.Delay(25);
        }

        var row = (await world.Ledger.FindOrderAsync(order.Id, CancellationToken.None))!; // It was placed above.
        Assert.Equal((OrderState.Filled, 1m), (row.State, row.FilledQuantity));
        Assert.Equal(1m, Assert.Single(await world.Ledger.PositionsAsync(UserId.Parse("alice"), null, null, CancellationToken.None)).Quantity);
    }
}
