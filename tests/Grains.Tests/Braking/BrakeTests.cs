using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Tests.Braking;

/// <summary>Law 10: with the ledger down a stop cancels what memory and the venues show, admits nothing, and says what it is.</summary>
public sealed class BrakeTests
{
    [Theory]
    [InlineData(LedgerTrouble.Down)]
    [InlineData(LedgerTrouble.ReadOnly)]
    [InlineData(LedgerTrouble.Stalled)]
    [InlineData(LedgerTrouble.LosesAnswers)]
    public async Task Stop_WhateverTheLedgerDoes_CancelsAtTheVenue_AdmitsNothing_AndIsRecordedOnce(LedgerTrouble trouble)
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        await world.PlaceAsync(World.Resting("alice", "MSFT"));
        await world.PlaceAsync(World.Resting("bob"));
        world.Fault.Set(trouble);
        var (stop, result) = await world.StopAsync("USER:alice");
        if (trouble == LedgerTrouble.LosesAnswers)
        {
            // The ledger works, and has the stop: the replay finds it, and inserts nothing.
            await world.RecordedAsync(stop.Id);
        }
        else
        {
            Assert.Equal((false, GateHold.Unproven, StopState.Outstanding, false), (result.Recorded, result.Gate, result.State, result.Success));
            Assert.Equal(2, result.OrdersCancelled);
            Assert.Contains("NOT RECORDED", result.Message, StringComparison.Ordinal);
            Assert.Empty(world.OpenAtVenue("alice"));
            Assert.Single(world.OpenAtVenue("bob")); // law 7
            foreach (var user in (string[])["alice", "bob"])
            {
                Assert.Equal(stop.Id, Assert.IsType<PlaceAnswer.Unrecorded>(await world.TryPlaceAsync(World.Resting(user))).Stop);
            }

            Assert.False(world.Spool.IsEmpty);
            world.Fault.Set(LedgerTrouble.None);
        }

        await world.UntilAsync(stop.Id, StopState.Completed);
        await world.RecordedAsync(stop.Id);
        Assert.True(world.Spool.IsEmpty);
        Assert.Single(world.Ledger.Gate.Latches);
        Assert.Equal(stop.Id, Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice"))).By.Stop);
        await world.PlaceAsync(World.Resting("bob"));
        Assert.Single(await world.Ledger.StopsOnAsync(stop.Target, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData("SYSTEM", 0)]
    [InlineData("SYMBOL:AAPL", 1)]
    [InlineData("STRATEGY:s1", 1)]
    [InlineData("USER:alice/SYMBOL:AAPL", 2)]
    public async Task Stop_OfEveryScope_CancelsItsOwnOnly(string target, int left) // law 7, F2
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        await world.PlaceAsync(World.Resting("alice", target.StartsWith("STRATEGY", StringComparison.Ordinal) ? "AAPL" : "MSFT", "s2"));
        await world.PlaceAsync(World.Resting("bob"));
        world.Fault.Set(LedgerTrouble.Down);
        var (_, result) = await world.StopAsync(target);
        Assert.Equal(3 - left, result.OrdersCancelled);
        Assert.Equal(left, world.OpenAtVenue("alice").Length + world.OpenAtVenue("bob").Length);
    }

    [Fact]
    public async Task Stop_OfAStrategy_LeavesOrdersPlacedPastUs_AndOneOfAUserTakesThem()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.PlacePast("alice", "AAPL", "not ours");
        world.Fault.Set(LedgerTrouble.Down);
        await world.StopAsync("STRATEGY:s1");
        Assert.Equal("not ours", Assert.Single(world.OpenAtVenue("alice")).Request.ClientOrderId);
        await world.StopAsync("USER:alice");
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task Stop_ThatKeepsProtectiveOrders_KeepsThem()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var guard = await world.PlaceAsync(World.Resting("alice", protective: true));
        world.Fault.Set(LedgerTrouble.Down);
        await world.StopAsync("USER:alice", new(KeepProtective: true));
        Assert.Equal(guard.Id.Value, Assert.Single(world.OpenAtVenue("alice")).Request.ClientOrderId);
    }

    [Fact]
    public async Task Stop_WithManyOrders_UsesTheVenuesMassCancel()
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await world.PlaceAsync(World.Resting("alice"));
        }

        world.Fault.Set(LedgerTrouble.Down);
        var (_, result) = await world.StopAsync("USER:alice");
        Assert.Equal(30, result.OrdersCancelled);
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task OrderInFlight_WhenTheStopComes_IsNeverSent_OrCancelled()
    {
        await using var world = await World.StartAsync();
        world.Faults.Change(f => f with { Latency = TimeSpan.FromMilliseconds(200) });
        var placing = Enumerable.Range(0, 20).Select(_ => world.TryPlaceAsync(World.Resting("alice"))).ToArray();
        world.Fault.Set(LedgerTrouble.Down);
        await world.StopAsync("USER:alice");
        await Task.WhenAll(placing);
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task AdmissionThatStallsInTheLedger_WhileTheStopIsAnswered_IsNeverSent_AndTheStopsNumberComesAfterIt() // law 1
    {
        await using var world = await World.StartAsync(("Orders:SendWindow", "00:00:10"));
        world.Fault.Set(LedgerTrouble.Stalled);
        var placing = world.TryPlaceAsync(World.Resting("alice"));
        await World.UntilAsync(() => world.Fault.Waiting == 1);
        var (stop, _) = await world.StopAsync("USER:alice", waitSeconds: 0);
        world.Fault.Set(LedgerTrouble.None);

        var order = Assert.IsType<PlaceAnswer.Admitted>(await placing).Order;
        Assert.Equal(OrderState.NeverSent, order.State);
        Assert.Contains(stop.Id.Value, order.Reason, StringComparison.Ordinal);
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(world.Market.Orders(AccountId.Parse("alice")));
    }

    [Fact]
    public async Task Stop_WhileTheVenueCannotBeRead_ClaimsNothing_AndCancelsWhenItReturns() // F3, F8
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.Fault.Set(LedgerTrouble.Down);
        world.Faults.Change(f => f with { Down = true });
        var (stop, result) = await world.StopAsync("USER:alice", waitSeconds: 2);
        Assert.Equal(0, result.OrdersCancelled);
        Assert.Contains(result.Outstanding, o => o is { Kind: ObligationKind.Verification, Item: "alice" });

        world.Faults.Change(f => f with { Down = false });
        await World.UntilAsync(() => world.OpenAtVenue("alice").IsEmpty);
        await World.UntilAsync(() => world.Brake.Find(stop.Id)!.Result is { OrdersCancelled: 1, Outstanding.IsEmpty: true });
    }

    [Fact]
    public async Task WhatShowsUpLater_IsCancelledForAsLongAsTheLedgerIsDown()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.Fault.Set(LedgerTrouble.Down);
        await world.StopAsync("USER:alice");
        world.PlacePast("alice", "AAPL", "late");
        await World.UntilAsync(() => world.OpenAtVenue("alice").IsEmpty);
    }

    [Fact]
    public async Task Positions_AreNotClosedUntilTheStopIsRecorded()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 5));
        world.Fault.Set(LedgerTrouble.Down);
        var (stop, result) = await world.StopAsync("USER:alice", StopOptions.Panic);
        Assert.Contains("positions closed once it is recorded", result.Message, StringComparison.Ordinal);
        Assert.Equal(5, world.PositionAtVenue("alice", "AAPL"));
        world.Fault.Set(LedgerTrouble.None);
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(0, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task TradersStopOfAStrategy_IsJudgedByTheMirror()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        await World.UntilAsync(() => world.Mirror.OwnerOf(StrategyId.Parse("s1")) is not null);
        world.Fault.Set(LedgerTrouble.Down);
        var request = new EmergencyStopRequest(
            StopTarget.Parse("STRATEGY:s1"), new(), EmergencyStopReason.UserInitiated, "test", World.Trader("bob"), TimeProvider.System.GetUtcNow());
        Assert.IsType<StopAnswer.Forbidden>(await world.System.StopAsync(request, TimeSpan.Zero, CancellationToken.None));
        await world.StopAsync("STRATEGY:s1", by: World.Trader("alice"));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task SameKey_AcrossTheOutage_IsTheSameStop() // law 6
    {
        await using var world = await World.StartAsync();
        world.Fault.Set(LedgerTrouble.Down);
        var (first, _) = await world.StopAsync("SYSTEM", waitSeconds: 0, key: "k");
        var (second, _) = await world.StopAsync("SYSTEM", waitSeconds: 0, key: "k");
        world.Fault.Set(LedgerTrouble.None);
        await world.RecordedAsync(first.Id);
        var (third, result) = await world.StopAsync("SYSTEM", key: "k");
        Assert.Equal((first.Id, first.Id), (second.Id, third.Id));
        Assert.True(result.Recorded);
        Assert.Single(world.Ledger.Gate.Latches);
    }

    [Fact] // law 10
    public async Task RecordedStop_WithoutTheLedger_StillTakesWhatItAdopted()
    {
        await using var world = await World.StartAsync();
        var (stop, _) = await world.StopAsync("USER:alice");
        var shown = new VenueOrderReport(
            AccountId.Parse("alice"), "v-1", "placed past us", Symbol.Parse("AAPL"), OrderSide.Buy, OrderType.Limit, 5, 0, null, OrderState.Open);
        var adopted = await world.Ledger.AdoptAsync(stop.Id, UserId.Parse("alice"), null, shown, TimeProvider.System.GetUtcNow(), CancellationToken.None);

        Assert.True(adopted!.Number > stop.Number);
        Assert.True(world.Sight.Covers(stop, shown with { ClientOrderId = adopted.Id.Value }));
    }

    [Theory] // law 7
    [InlineData(true)]
    [InlineData(false)]
    public async Task RecordedStop_WithoutTheLedger_LeavesWhatWasAdmittedAfterIt(bool cancelOnly)
    {
        await using var world = await World.StartAsync();
        var before = await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { Down = true });
        var (stop, _) = await world.StopAsync("USER:alice", new(PauseStrategies: false, CancelOnly: cancelOnly), waitSeconds: 0);
        world.Faults.Change(f => f with { Down = false });
        await world.UntilAsync(stop.Id, StopState.Completed);
        if (!cancelOnly)
        {
            Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
        }

        var after = await world.PlaceAsync(World.Resting("alice"));
        Assert.False(world.Sight.Covers(stop, Report(after)));
        Assert.True(world.Sight.Covers(stop with { Number = after.Number + 1 }, Report(after)));
        Assert.True(before.Number < stop.Number);

        static VenueOrderReport Report(Order order) => new(
            order.Account, order.VenueOrderId!, order.Id.Value, order.Terms.Symbol, order.Terms.Side, order.Terms.Type, order.Terms.Quantity, 0, null, OrderState.Open); // it rests
    }

    [Fact]
    public async Task StopThatWasRecordedJustBefore_StillCancelsWhenTheLedgerGoes()
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await world.PlaceAsync(World.Resting("alice"));
        }

        world.Faults.Change(f => f with { Down = true });
        var (stop, result) = await world.StopAsync("USER:alice", waitSeconds: 0.3);
        Assert.True(result.Recorded);
        world.Fault.Set(LedgerTrouble.ReadOnly);
        world.Faults.Change(f => f with { Down = false });
        await World.UntilAsync(() => world.OpenAtVenue("alice").IsEmpty);
        world.Fault.Set(LedgerTrouble.None);
        await world.UntilAsync(stop.Id, StopState.Completed);
    }
}
