using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Watching;

/// <summary>What turns up at a venue behind a closed gate is ended, for as long as the latch holds and no longer (laws 1, 2, 4 and 7).</summary>
public sealed class WatchingTests
{
    [Theory]
    [InlineData("USER:alice")]
    [InlineData("SYMBOL:AAPL")]
    [InlineData("SYSTEM")]
    [InlineData("USER:alice/SYMBOL:AAPL")]
    public async Task F1_OrderPlacedPast_AfterTheStopCompleted_IsAdoptedAndCancelled_AndTheStopIsWholeAgain(string target)
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        var (stop, result) = await world.StopAsync(target);
        Assert.Equal(StopState.Completed, result.State);

        world.PlacePast("alice", "AAPL", "late");
        var outcomes = await world.UntilAsync(stop.Id, o => o.Any(x => x.Item == "late" && x.Outcome == OutcomeKind.Cancelled));
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(world.OpenAtVenue("alice"));
        Assert.Equal(2, outcomes.Count(o => o.Kind == ObligationKind.Order));
        var audit = await world.Ledger.AuditAsync(0, 500, CancellationToken.None);
        Assert.Contains(audit, e => e.Entry.Action == "order.adopted" && e.Entry.Subject == "late");
        Assert.Contains(audit, e => e.Entry.Action == "stop.reopened" && e.Entry.Subject == stop.Id.Value);
    }

    [Fact]
    public async Task Watching_ReadsAccounts_OfWhichNothingIsPushed()
    {
        await using var world = await World.StartAsync(("Venues:Accounts:carol:Account", "acc-carol"));
        var (stop, _) = await world.StopAsync("SYSTEM");
        await world.UntilAsync(stop.Id, StopState.Completed);
        world.Faults.Change(f => f with { Down = true }); // What happens now is told late, and by then the account was read.
        world.PlacePast("acc-carol", "AAPL", "unheard");
        world.Faults.Change(f => f with { Down = false });
        await world.UntilAsync(stop.Id, o => o.Any(x => x.Item == "unheard" && x.Outcome == OutcomeKind.Cancelled));
        Assert.Empty(world.OpenAtVenue("acc-carol"));
    }

    [Fact]
    public async Task SystemStop_EndsWhatRests_InANamedAccountThatTheLedgerNeverHeardOf()
    {
        await using var world = await World.StartAsync(("Venues:Accounts:carol:Account", "acc-carol"));
        world.PlacePast("acc-carol", "MSFT");
        await world.StopAsync("SYSTEM");
        Assert.Empty(world.OpenAtVenue("acc-carol"));
    }

    [Fact]
    public async Task Order_AfterARelease_IsLeftAlone()
    {
        await using var world = await World.StartAsync();
        var (stop, _) = await world.StopAsync("USER:alice");
        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
        world.PlacePast("alice", "AAPL");
        await world.User("alice").WatchAsync(TimeSpan.Zero, CancellationToken.None);

        // As if it had been read while the stop held, and adopted after: the ledger's transaction decides, not who read it.
        var late = await world.User("alice").VerifyAsync(new(stop), CancellationToken.None);
        Assert.Empty(late.StillOpen);
        await Task.Delay(500); // Two looks.
        Assert.Single(world.OpenAtVenue("alice"));
        Assert.Empty(await world.Ledger.ActiveOrdersAsync(UserId.Parse("alice"), CancellationToken.None));
    }

    [Fact]
    public async Task Order_OutOfScope_IsLeftAlone() // F2, law 7
    {
        await using var world = await World.StartAsync();
        await world.StopAsync("SYMBOL:AAPL");
        await world.StopAsync("USER:bob");
        await world.StopAsync("STRATEGY:s1");
        world.PlacePast("alice", "MSFT");
        await world.User("alice").WatchAsync(TimeSpan.Zero, CancellationToken.None);
        await Task.Delay(500); // Two looks.
        Assert.Single(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task Order_OfAStopThatCancelsNothing_IsLeftAlone()
    {
        await using var world = await World.StartAsync();
        await world.StopAsync("USER:alice", new(CancelOrders: false));
        world.PlacePast("alice", "AAPL");
        await world.User("alice").WatchAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Single(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task ALook_AskedForByAnotherProcessSoonAfterTheLast_IsThatOne() // The venue counts the calls of the account, however many processes there are.
    {
        await using var world = await World.StartAsync(World.Polled, ("Watching:WatchEvery", "00:05:00"));
        var hour = TimeSpan.FromHours(1);
        await world.StopAsync("USER:alice");
        world.Faults.Change(f => f with { Down = true });
        Assert.False((await world.User("alice").WatchAsync(hour, CancellationToken.None)).Readable);
        world.Faults.Change(f => f with { Down = false });
        world.PlacePast("alice", "AAPL");

        var soon = await world.User("alice").WatchAsync(hour, CancellationToken.None);
        Assert.Equal((false, 0), (soon.Readable, soon.Found)); // What is not known is not called well.
        Assert.Single(world.OpenAtVenue("alice"));

        var due = await world.User("alice").WatchAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal((true, 1), (due.Readable, due.Found));
        Assert.Empty(world.OpenAtVenue("alice"));
        var again = await world.User("alice").WatchAsync(hour, CancellationToken.None);
        Assert.Equal((true, 0), (again.Readable, again.Found));
    }

    [Fact]
    public async Task Release_WhileAnAdoptedOrderIsNotProvenEnded_IsRefused()
    {
        await using var world = await World.StartAsync();
        var (stop, _) = await world.StopAsync("USER:alice");
        world.Faults.Change(f => f with { LateAcknowledgement = TimeSpan.FromSeconds(4) });
        world.PlacePast("alice", "AAPL", "slow-to-end");
        await world.UntilAsync(stop.Id, StopState.Outstanding);
        Assert.IsType<ReleaseAnswer.Outstanding>(await world.ReleaseAsync(stop.Id));
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
    }

    [Fact]
    public async Task F15_FillOfAnOrderPlacedPast_IsReportedAsFilled_AndItsPositionClosed()
    {
        await using var world = await World.StartAsync();
        var (stop, first) = await world.StopAsync("USER:alice", StopOptions.Panic);
        Assert.Equal(StopState.Completed, first.State);
        world.Faults.Change(f => f with { FillOnCancel = 1 });
        world.PlacePast("alice", "AAPL", "races-its-cancel");
        var outcomes = await world.UntilAsync(stop.Id, o => o.Any(x => x.Item == "alice/AAPL" && x.Outcome == OutcomeKind.Closed));
        Assert.Equal(OutcomeKind.Filled, outcomes.Single(o => o.Item == "races-its-cancel").Outcome);
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task Position_ThatWasClosed_IsClosedAgain_WhenALateFillOpensIt()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 3));
        var (stop, first) = await world.StopAsync("USER:alice", StopOptions.Panic);
        Assert.Equal((StopState.Completed, 1), (first.State, first.PositionsClosed));
        world.Faults.Change(f => f with { FillOnCancel = 1 });
        world.PlacePast("alice", "AAPL", "late-fill");
        await world.UntilAsync(stop.Id, o => o.Any(x => x.Item == "late-fill" && x.Outcome == OutcomeKind.Filled));
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }
}
