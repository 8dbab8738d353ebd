using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>Orders on their way when the gate closes (laws 1, 2 and 4; F1, F3, F16).</summary>
public sealed class InFlightTests
{
    private static readonly (string, string) ShortWindow = ("Orders:SendWindow", "00:00:00.400");

    [Fact]
    public async Task F1_Stop_WhileAnOrderWaitsForItsAnswer_EndsItToo()
    {
        await using var world = await World.StartAsync();
        world.Faults.Change(f => f with { Latency = TimeSpan.FromMilliseconds(150) });
        var placing = world.TryPlaceAsync(World.Resting("alice"));
        await Task.Delay(50);
        var (_, result) = await world.StopAsync("USER:alice");
        await placing;
        Assert.Equal((StopState.Completed, 1), (result.State, result.OrdersCancelled));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task Stop_OverAnOrderWhoseAnswerWasLost_FindsAndCancelsIt()
    {
        await using var world = await World.StartAsync();
        world.Faults.Change(f => f with { LoseAnswers = 1 });
        var order = await world.PlaceAsync(World.Resting("alice"));
        Assert.Equal(OrderState.Unknown, order.State);
        Assert.Single(world.OpenAtVenue("alice"));
        world.Faults.Change(f => f with { LoseAnswers = 0 });
        var (_, result) = await world.StopAsync("USER:alice");
        Assert.Equal((StopState.Completed, 1), (result.State, result.OrdersCancelled));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task F3_F8_Stop_WhoseVenueGoesUnanswered_IsOutstandingUntilItCanBeRead()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { LoseAnswers = 1 });
        var (stop, result) = await world.StopAsync("USER:alice");
        Assert.Equal(StopState.Outstanding, result.State);
        Assert.Contains(result.Outstanding, o => o.Kind == ObligationKind.Verification && o.Item == "alice");
        world.Faults.Change(f => f with { LoseAnswers = 0 });
        var outcomes = await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(OutcomeKind.Cancelled, outcomes.Single(o => o.Kind == ObligationKind.Order).Outcome);
    }

    [Fact]
    public async Task Order_LeftInFlightByADeadProcess_IsInferredNeverSent_OnlyAfterItsWindow()
    {
        var before = await World.StartAsync();
        var id = OrderId.Parse("o-left-behind");
        await before.Ledger.AdmitAsync(new(id, World.Resting("alice"), AccountId.Parse("alice"), TimeProvider.System.GetUtcNow()), CancellationToken.None);
        await before.AbandonAsync();

        // The window must outlast the first calls of a new process, however busy the machine is.
        var restarted = TimeProvider.System.GetUtcNow();
        await using var world = await World.StartAsync(before, ("Orders:SendWindow", "00:00:02"));
        var (stop, _) = await world.StopAsync("USER:alice", waitSeconds: 0);
        var early = await world.Ledger.FindOrderAsync(id, CancellationToken.None);
        Assert.Equal(OrderState.InFlight, early?.State);
        var outcomes = await world.UntilAsync(stop.Id, StopState.Completed);
        var outcome = outcomes.Single(o => o.Kind == ObligationKind.Order);
        Assert.Equal((OutcomeKind.NeverSent, true), (outcome.Outcome, outcome.Inferred));

        // The window of 2 s × 1.1 and the visibility bound of 100 ms, on the new process's own clock.
        var ended = (await world.Ledger.FindOrderAsync(id, CancellationToken.None))!.UpdatedAt - restarted;
        Assert.True(ended >= TimeSpan.FromMilliseconds(2300), $"inferred after {ended.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task Order_InferredNeverSent_ThatTurnsUp_ReopensItsObligation()
    {
        var before = await World.StartAsync();
        var id = OrderId.Parse("o-turns-up-late");
        await before.Ledger.AdmitAsync(new(id, World.Resting("alice"), AccountId.Parse("alice"), TimeProvider.System.GetUtcNow()), CancellationToken.None);
        await before.AbandonAsync();
        var restarted = TimeProvider.System.GetUtcNow();
        await using var world = await World.StartAsync(before, ShortWindow);
        var (stop, _) = await world.StopAsync("USER:alice");
        await world.UntilAsync(stop.Id, StopState.Completed);

        world.PlacePast("alice", "AAPL", id.Value);
        await world.User("alice").LookForAsync([id]);
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(world.OpenAtVenue("alice"));
        var outcome = (await world.Ledger.OutcomesAsync(stop.Id, CancellationToken.None)).Single(o => o.Kind == ObligationKind.Order);
        Assert.Equal(OutcomeKind.Cancelled, outcome.Outcome);
    }

    [Fact]
    public async Task Stop_LeftWorkingByADeadProcess_IsCarriedOn()
    {
        var before = await World.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await before.PlaceAsync(World.Resting("alice"));
        }

        before.Faults.Change(f => f with { Latency = TimeSpan.FromMilliseconds(100) });
        var (stop, _) = await before.StopAsync("USER:alice", waitSeconds: 0);
        await before.AbandonAsync();
        before.Faults.Change(f => f with { Latency = TimeSpan.Zero });
        await using var world = await World.StartAsync(before);
        var outcomes = await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(20, outcomes.Count(o => o.Kind == ObligationKind.Order && o.Outcome == OutcomeKind.Cancelled));
        Assert.Empty(world.OpenAtVenue("alice"));
    }
}
