using EmergencyStop.Grains.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Failures;

/// <summary>Switches that stopped something else than orders.</summary>
public sealed class GateFailureTests
{
    public static TheoryData<OrderTerms> EveryClass =>
    [
        World.AtMarket("alice", 1),
        World.AtMarket("alice", -1),
        World.AtMarket("alice", -1) with { ReduceOnly = true },
        World.Resting("alice"),
        World.Resting("alice", protective: true),
        World.AtMarket("alice", -1) with { Type = OrderType.Stop, StopPrice = 60 },
        World.AtMarket("alice", -1) with { Type = OrderType.StopLimit, StopPrice = 60, LimitPrice = 59 },
        World.AtMarket("alice", -1) with { Type = OrderType.TrailingStop, TrailPrice = 5 },
    ];

    [Theory]
    [MemberData(nameof(EveryClass))]
    public async Task F11_NoOrderOfACallerPassesAClosedGate_WhateverItsClassOrSide(OrderTerms terms)
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 5));
        var (stop, _) = await world.StopAsync("USER:alice", new(PauseStrategies: false));

        var refused = Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(terms));

        Assert.Equal(stop.Id, refused.By.Stop);
        Assert.Equal(5m, world.PositionAtVenue("alice", "AAPL"));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task F13_ALoopThatPlacesOrders_MeetsTheGateInside()
    {
        await using var world = await World.StartAsync();
        using var ending = new CancellationTokenSource();
        var placed = new List<Order>();
        var refusals = 0;

        async Task LoopAsync()
        {
            while (!ending.IsCancellationRequested)
            {
                switch (await world.TryPlaceAsync(World.Resting("alice")))
                {
                    case PlaceAnswer.Admitted admitted:
                        placed.Add(admitted.Order);
                        break;
                    case PlaceAnswer.GateClosed when ++refusals == 20:
                        await ending.CancelAsync();
                        break;
                }
            }
        }

        var loop = LoopAsync();
        while (placed.Count < 20)
        {
            await Task.Delay(5);
        }

        var (stop, result) = await world.StopAsync("USER:alice", new(PauseStrategies: false));
        await loop;

        Assert.All(placed, o => Assert.True(o.Number < stop.Number, $"{o.Id} ({o.Number}) was let in after {stop.Number}"));
        Assert.Equal((StopState.Completed, placed.Count), (result.State, result.OrdersCancelled));
    }

    [Fact]
    public async Task F21_AStopThatIsNotAskedTo_FlattensNothing()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));

        var (_, result) = await world.StopAsync("SYSTEM", new StopOptions());

        Assert.Equal((StopState.Completed, 0), (result.State, result.PositionsClosed));
        Assert.Equal(7m, world.PositionAtVenue("alice", "AAPL"));
        Assert.False(new StopOptions().ClosePositions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F16_WhatWasAdmittedBefore_IsAskedForTheGateAgainJustBeforeTheWrite(bool latched)
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        using var permit = new SendPermit(world.Ledger, World.Resting("alice"), TimeProvider.System, TimeSpan.FromMinutes(1));

        var (stop, _) = await world.StopAsync("USER:alice", new(PauseStrategies: !latched, CancelOrders: true));
        if (!latched)
        {
            await world.ReleaseAsync(stop.Id); // The pause stays.
        }

        Assert.False(permit.TryTake(out var why));
        Assert.Contains(stop.Id.Value, why, StringComparison.Ordinal);
        Assert.False(permit.MayHaveWritten);
    }
}
