using EmergencyStop.Grains.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Braking;

/// <summary>What was spooled is recorded once, by this process or the next, and what was released since stays so.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task SpooledStop_OfADeadProcess_HoldsFromTheStart_AndIsRecorded()
    {
        var before = await World.StartAsync();
        await before.PlaceAsync(World.Resting("alice"));
        before.Fault.Set(LedgerTrouble.Down);
        var (stop, _) = await before.StopAsync("USER:alice", waitSeconds: 0);
        await before.AbandonAsync();
        await using var world = await World.StartAsync(before);

        Assert.Equal(stop.Id, Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice"))).By.Stop);
        await world.UntilAsync(stop.Id, StopState.Completed);
        var row = await world.Ledger.FindStopAsync(stop.Id, CancellationToken.None);
        Assert.Equal(stop.Request.RequestedBy, row!.Request.RequestedBy);
        Assert.True((stop.Request.RequestedAt - row.Request.RequestedAt).Duration() < TimeSpan.FromMilliseconds(1));
        Assert.True(world.Spool.IsEmpty);
    }

    [Fact]
    public async Task SpooledStop_OfADeadProcess_BrakesWhileTheLedgerOpensButTakesNothing()
    {
        var before = await World.StartAsync();
        before.Fault.Set(LedgerTrouble.Down);
        var (stop, _) = await before.StopAsync("USER:alice", waitSeconds: 0);
        await before.AbandonAsync();
        before.PlacePast("alice", "AAPL", "meanwhile");
        await using var world = await World.StartAsync(before, LedgerTrouble.ReadOnly);

        Assert.Equal(stop.Id, Assert.IsType<PlaceAnswer.Unrecorded>(await world.TryPlaceAsync(World.Resting("bob"))).Stop);
        await World.UntilAsync(() => world.OpenAtVenue("alice").IsEmpty);
        Assert.False(world.Brake.Find(stop.Id)!.Result.Recorded);
        world.Fault.Set(LedgerTrouble.None);
        await world.UntilAsync(stop.Id, StopState.Completed);
        await world.PlaceAsync(World.Resting("bob"));
    }

    [Fact]
    public async Task StopThatWasReleasedSince_IsNotLatchedAgain()
    {
        var before = await World.StartAsync();
        before.Fault.Set(LedgerTrouble.LosesAnswers);
        var (stop, _) = await before.StopAsync("USER:alice", waitSeconds: 0);
        await before.RecordedAsync(stop.Id);
        before.Fault.Set(LedgerTrouble.None);
        await before.UntilAsync(stop.Id, StopState.Completed);
        Assert.IsType<ReleaseAnswer.Released>(await before.ReleaseAsync(stop.Id));

        // As if the process had died between the commit and the clearing of the record.
        before.Spool.TryWrite(new(stop.Id, stop.Request));
        await before.AbandonAsync();
        await using var world = await World.StartAsync(before);
        await world.PlaceAsync(World.Resting("alice"));
        Assert.True(world.Spool.IsEmpty);
        Assert.Empty(world.Ledger.Gate.Latches);
    }

    [Fact]
    public async Task Release_OfAStopThatIsNotRecorded_IsRefused_AndWorksAfterwards()
    {
        await using var world = await World.StartAsync();
        world.Fault.Set(LedgerTrouble.Down);
        var (stop, _) = await world.StopAsync("USER:alice", waitSeconds: 0);
        Assert.IsType<ReleaseAnswer.Working>(await world.ReleaseAsync(stop.Id));
        Assert.IsType<ReleaseAnswer.Forbidden>(await world.ReleaseAsync(stop.Id, World.Trader("bob")));
        world.Fault.Set(LedgerTrouble.None);
        await world.UntilAsync(stop.Id, StopState.Completed);
        await world.RecordedAsync(stop.Id);
        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
        await world.PlaceAsync(World.Resting("alice"));
    }

    [Fact]
    public async Task OldPanic_LatchesAndCancels_AndAsksAPersonBeforeItFlattens()
    {
        var before = await World.StartAsync();
        await before.PlaceAsync(World.AtMarket("alice", 5));
        await before.PlaceAsync(World.Resting("alice"));
        var old = new SpooledStop(StopId.Parse("s-old"), new(
            StopTarget.Parse("USER:alice"), StopOptions.Panic, EmergencyStopReason.UserInitiated, "help", World.Trader("alice"),
            TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(16)));
        before.Spool.TryWrite(old);
        await before.AbandonAsync();
        await using var world = await World.StartAsync(before);

        await world.UntilAsync(old.Id, StopState.Completed);
        Assert.Empty(world.OpenAtVenue("alice"));
        Assert.Equal(5, world.PositionAtVenue("alice", "AAPL"));
        var stop = await world.Ledger.FindStopAsync(old.Id, CancellationToken.None);
        Assert.False(stop!.Options.ClosePositions);
        Assert.Equal($"help [{ReplayPlan.AsksAPerson}]", stop.Request.Reason);
        var audit = await world.Ledger.AuditAsync(0, 500, CancellationToken.None);
        Assert.Contains(ReplayPlan.AsksAPerson, Assert.Single(audit, e => e.Entry.Action == "stop.replayed").Entry.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(14.9, true)]
    [InlineData(15.1, false)]
    public void Plan_ClosesPositionsWithinAQuarterOfAnHour(double minutes, bool closes)
    {
        var now = DateTimeOffset.UnixEpoch;
        var stop = new SpooledStop(StopId.Parse("s"), new(
            StopTarget.System, StopOptions.Panic, EmergencyStopReason.UserInitiated, new string('x', EmergencyStopRequest.LongestReason), World.Officer,
            now - TimeSpan.FromMinutes(minutes)));
        var (planned, note) = ReplayPlan.Of(stop, now, TimeSpan.FromMinutes(15));
        Assert.Equal((closes, closes), (planned.Request.Options.ClosePositions, note is null));
        Assert.True(planned.Request.Reason.Length <= EmergencyStopRequest.LongestReason);
    }

    [Fact]
    public async Task FullSpool_SaysThatTheStopIsInMemoryOnly_AndItStillCancelsAndIsRecorded()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("last"));
        world.Fault.Set(LedgerTrouble.Down);
        for (var i = 0; i < 8; i++)
        {
            await world.StopAsync($"USER:u{i}", waitSeconds: 0);
        }

        var (stop, result) = await world.StopAsync("USER:last");
        Assert.Contains("in memory only", result.Message, StringComparison.Ordinal);
        Assert.Contains("LOST IF THE PROCESS ENDS", result.Errors[0], StringComparison.Ordinal);
        Assert.Empty(world.OpenAtVenue("last"));
        world.Fault.Set(LedgerTrouble.None);
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(9, world.Ledger.Gate.Held);
    }
}
