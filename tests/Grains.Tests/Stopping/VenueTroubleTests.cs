using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>A venue that misbehaves costs its own obligations only, and they are met at its return.</summary>
public sealed class VenueTroubleTests
{
    [Fact]
    public async Task SystemStop_IsNotSlowedByADeadAccount() // F26
    {
        await using var world = await World.StartAsync(("Stopping:AccountWait", "00:00:00.300"), ("Venues:Simulated:AttemptTimeout", "00:00:20"));
        await world.PlaceAsync(World.AtMarket("alice", 5));
        await world.PlaceAsync(World.Resting("alice"));
        await world.PlaceAsync(World.Resting("bob"));
        world.Faults.Change(f => f with { Silent = true, OnlyAccount = AccountId.Parse("bob") });
        var began = TimeProvider.System.GetTimestamp();
        var (stop, _) = await world.StopAsync("SYSTEM", StopOptions.Panic, waitSeconds: 0);
        await world.UntilAsync(stop.Id, o => o.Any(x => x.Item == "alice/AAPL" && x.Outcome == OutcomeKind.Closed));
        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.True(took < TimeSpan.FromSeconds(10), $"alice waited {took.TotalSeconds} s for bob's venue, which says nothing for 20 s at a time");
        Assert.Equal((0, 0m), (world.OpenAtVenue("alice").Length, world.PositionAtVenue("alice", "AAPL")));
        var early = (await world.Ledger.FindStopAsync(stop.Id, CancellationToken.None))!;
        Assert.NotEqual(StopState.Completed, early.State);

        // An order placed past us in alice's account is found although bob's is not heard of.
        world.PlacePast("alice", "AAPL", "meanwhile");
        await world.UntilAsync(stop.Id, o => o.Any(x => x.Item == "meanwhile" && x.Outcome == OutcomeKind.Cancelled));
    }

    [Fact]
    public async Task AStopAtAVenueThatTakesFewCallsASecond_GoesOnAsFastAsItTakesThem()
    {
        const int Orders = 30;
        await using var world = await World.StartAsync(("Orders:SweepBudget", "00:00:00.500"), ("Orders:MassCancelFrom", "1000"));
        for (var i = 0; i < Orders; i++)
        {
            await world.PlaceAsync(World.Resting("alice"));
        }

        world.Faults.Change(f => f with { RateLimitPerSecond = 4 });
        var (stop, _) = await world.StopAsync("USER:alice", waitSeconds: 0);

        // Some ten seconds of calls in fifteen passes. Where the waits between them doubled each time it took minutes.
        for (var i = 0; i < 600 && (await world.Ledger.FindStopAsync(stop.Id, CancellationToken.None))!.State != StopState.Completed; i++)
        {
            await Task.Delay(100);
        }

        var outcomes = await world.Ledger.OutcomesAsync(stop.Id, CancellationToken.None);
        Assert.Equal(Orders, outcomes.Count(o => o.Kind == ObligationKind.Order && o.Outcome == OutcomeKind.Cancelled));
    }

    [Fact]
    public async Task OutageDuringAStop_BecomesObligations_ThatGoOnAtItsReturn() // F26
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { Silent = true });
        var (stop, result) = await world.StopAsync("USER:alice");
        Assert.Equal(StopState.Outstanding, result.State);
        Assert.Equal("silent", world.Venue.Health.State);
        world.Faults.Change(f => f with { Silent = false });
        var outcomes = await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(OutcomeKind.Cancelled, outcomes.Single(o => o.Kind == ObligationKind.Order).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F24_ClosedMarket_ObligationsNameTheReopening_AndFireThen(bool refuses)
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        await world.PlaceAsync(World.Resting("alice"));
        await world.PlaceAsync(World.Resting("bob"));
        await world.PlaceAsync(World.Resting("bob", "BTC-USD"));
        var opens = TimeProvider.System.GetUtcNow().AddSeconds(6);
        world.Market.Close(opens, refuses);
        var (stop, result) = await world.StopAsync("SYSTEM", StopOptions.Panic, waitSeconds: 0);
        var early = await world.UntilAsync(stop.Id, o => o.Count(x => x.Phase == "market_closed") == 2);
        Assert.All(early.Where(o => o.Phase == "market_closed"), o => Assert.Equal(opens, o.NextTry!.Value, TimeSpan.FromMilliseconds(1)));
        Assert.Single(early, o => o.Outcome == OutcomeKind.Cancelled); // Pairs trade around the clock.

        var outcomes = await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(3, outcomes.Count(o => o.Kind == ObligationKind.Order && o.Outcome == OutcomeKind.Cancelled));
        Assert.Equal((0, 0, 0m), (world.OpenAtVenue("alice").Length, world.OpenAtVenue("bob").Length, world.PositionAtVenue("alice", "AAPL")));
        Assert.NotNull(result);
    }

    [Fact]
    public async Task F24_ClosedMarket_ClosingOrdersWaitForTheReopening()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        world.Market.Close(TimeProvider.System.GetUtcNow().AddSeconds(4), refuseCancels: false);
        var (stop, _) = await world.StopAsync("USER:alice", StopOptions.Panic, waitSeconds: 0);
        var early = await world.UntilAsync(stop.Id, o => o.Any(x => x.Item == "alice/AAPL" && x.Phase == "market_closed"));
        Assert.NotNull(early.Single(o => o.Item == "alice/AAPL").NextTry);
        Assert.Empty(await world.Ledger.ClosingsAsync(stop.Id, AccountId.Parse("alice"), Symbol.Parse("AAPL"), CancellationToken.None));
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task F4_ClassThatTheMassCancelLeavesOut_IsEndedByTheSweep()
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            foreach (var terms in EveryClass())
            {
                await world.PlaceAsync(terms);
            }
        }

        world.Faults.Change(f => f with { MassCancelLeaves = OrderType.Stop });
        var (stop, result) = await world.StopAsync("USER:alice");
        Assert.Equal((StopState.Completed, 16), (result.State, result.OrdersCancelled));
        Assert.Contains(await world.Ledger.OutcomesAsync(stop.Id, CancellationToken.None), o => o.Kind == ObligationKind.MassCancel);
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task FillRacingACancel_IsReportedAsFilled_AndItsPositionClosed()
    {
        await using var world = await World.StartAsync();
        var order = await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { FillOnCancel = 1 });
        var (stop, result) = await world.StopAsync("USER:alice", StopOptions.Panic);
        Assert.Equal((StopState.Completed, 0, 1), (result.State, result.OrdersCancelled, result.PositionsClosed));
        var outcomes = await world.Ledger.OutcomesAsync(stop.Id, CancellationToken.None);
        Assert.Equal((OutcomeKind.Filled, 1m), outcomes.Where(o => o.Item == order.Id.Value).Select(o => (o.Outcome, o.FilledQuantity)).Single());
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task KeptGuard_ThatCouldTradeBesideTheClosingOrder_GoesBeforeIt() // F18
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        var guard = await world.PlaceAsync(EveryClass()[1] with { Side = OrderSide.Sell, Quantity = 7, StopPrice = 60, Protective = true });
        await world.StopAsync("USER:alice", new(KeepProtective: true, ClosePositions: true));
        var orders = world.Market.Orders(AccountId.Parse("alice")).ToList();
        var ended = orders.Single(o => o.Request.ClientOrderId == guard.Id.Value);
        Assert.True(ended.UpdatedAt <= orders[^1].SubmittedAt, $"the guard worked until {ended.UpdatedAt:O}, the closing order came {orders[^1].SubmittedAt:O}");
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    private static OrderTerms[] EveryClass()
    {
        var resting = World.Resting("alice");
        return
        [
            resting,
            resting with { Type = OrderType.Stop, LimitPrice = null, StopPrice = 150 },
            resting with { Type = OrderType.StopLimit, StopPrice = 150 },
            resting with { Type = OrderType.TrailingStop, LimitPrice = null, TrailPercent = 40 },
        ];
    }
}
