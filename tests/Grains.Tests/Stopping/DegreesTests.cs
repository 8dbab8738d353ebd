using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>Between stopped and released: who owes stays stopped, who does not trades, and nobody's debt is forgotten (law 9).</summary>
public sealed class DegreesTests
{
    private static readonly StopOptions NoPause = new(PauseStrategies: false);

    [Fact]
    public async Task Waive_OfAPositionThatOthersNetOut_EndsTheStop()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 10, strategy: "s1"));
        await world.PlaceAsync(World.AtMarket("alice", -4, strategy: "s2"));
        var (stop, result) = await world.StopAsync("STRATEGY:s1", StopOptions.Panic);
        var debt = Assert.Single(result.Outstanding);
        Assert.NotNull(debt.NextTry);

        var request = new WaiveRequest(stop.Id, debt.Kind, debt.Item, World.Officer, "netted for good", TimeProvider.System.GetUtcNow());
        Assert.IsType<WaiveAnswer.Forbidden>(await world.Degrees.WaiveAsync(request with { By = World.Trader("alice") }, CancellationToken.None));
        Assert.Equal(StopState.Completed, Assert.IsType<WaiveAnswer.Waived>(await world.Degrees.WaiveAsync(request, CancellationToken.None)).Stop.State);
        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
    }

    [Fact]
    public async Task ReleaseDespiteOutstanding_OpensTheRest_AndChasesTheDebtorOverARestart()
    {
        var before = await World.StartAsync();
        var stuck = await before.PlaceAsync(World.Resting("alice"));
        await before.PlaceAsync(World.Resting("bob"));
        before.SetDown("alice");
        var (stop, result) = await before.StopAsync("SYSTEM", NoPause);
        Assert.Equal(StopState.Outstanding, result.State);
        Assert.IsType<ReleaseAnswer.Outstanding>(await before.ReleaseAsync(stop.Id));
        var debts = await before.Degrees.ObligationsAsync(new(stop.Id, null, null), CancellationToken.None);
        Assert.All(debts.Items, d => Assert.Equal("alice", d.User?.Value));
        Assert.Contains(debts.Items, d => d.Item.Item == stuck.Id.Value && d.Item.NextTry is not null);

        var narrowed = Assert.IsType<ReleaseAnswer.Narrowed>(await before.ReleaseAsync(stop.Id, despite: true));
        Assert.Equal("USER:alice", Assert.Single(narrowed.Stop.LatchedTargets).Value);
        var theirs = await before.PlaceAsync(World.Resting("bob"));
        await before.AbandonAsync();

        await using var world = await World.StartAsync(before);
        Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice")));
        await world.PlaceAsync(World.Resting("bob"));
        world.SetDown();
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(world.OpenAtVenue("alice"));
        Assert.Contains(world.OpenAtVenue("bob"), o => o.Request.ClientOrderId == theirs.Id.Value);
        Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice")));
        Assert.IsType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));
        await world.PlaceAsync(World.Resting("alice"));
    }

    [Fact]
    public async Task CarvedOut_IsNeverSweptNorMassCancelled_WhileTheStopGoesOn()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));
        for (var i = 0; i < 12; i++)
        {
            await world.PlaceAsync(World.Resting("bob"));
        }

        world.SetDown("alice");
        var (stop, _) = await world.StopAsync("SYSTEM", NoPause);
        Assert.IsType<ExceptAnswer.Outstanding>(await world.ExceptAsync(stop.Id, "USER:alice"));
        Assert.IsType<ExceptAnswer.Done>(await world.ExceptAsync(stop.Id, "USER:bob"));
        for (var i = 0; i < 12; i++)
        {
            await world.PlaceAsync(World.Resting("bob"));
        }

        await world.UntilAsync(stop.Id, outcomes => outcomes.Any(o => o.Kind == ObligationKind.Order && o.Attempts >= Tried(outcomes) && o.Attempts >= 6));
        Assert.Equal(12, world.OpenAtVenue("bob").Length);

        Assert.IsType<ExceptAnswer.Done>(await world.PutBackAsync(stop.Id, "USER:bob"));
        Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("bob")));
        world.SetDown();
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(world.OpenAtVenue("bob"));

        static int Tried(IEnumerable<ItemOutcome> outcomes) => outcomes.Where(o => !o.Outcome.IsMet()).Max(o => (int?)o.Attempts) ?? int.MaxValue;
    }

    [Fact]
    public async Task PutBack_OfACompletedStop_SweepsPausesAndClosesAnew()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 3));
        var (stop, result) = await world.StopAsync("SYSTEM", StopOptions.Panic);
        Assert.Equal(StopState.Completed, result.State);
        Assert.IsType<ExceptAnswer.Done>(await world.ExceptAsync(stop.Id, "USER:alice"));
        await world.Strategy("s1").ResumeAsync(World.Officer, "checked", CancellationToken.None);
        await world.PlaceAsync(World.AtMarket("alice", 5));
        await world.PlaceAsync(World.Resting("alice"));

        Assert.IsType<ExceptAnswer.Done>(await world.PutBackAsync(stop.Id, "USER:alice"));
        var again = await world.System.ResultAsync(stop.Id, TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal(StopState.Completed, again?.State);
        Assert.Empty(world.OpenAtVenue("alice"));
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
        Assert.Single((await world.Ledger.FindStrategyAsync(Ids.StrategyId.Parse("s1"), CancellationToken.None))!.Pauses);
    }

    [Fact]
    public async Task CarvedOutStrategy_KeepsItsPartOfThePosition()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 6, strategy: "s1"));
        await world.PlaceAsync(World.AtMarket("alice", 4, strategy: "s2"));
        var request = new EmergencyStopRequest(
            StopTarget.System, StopOptions.Panic, EmergencyStopReason.UserInitiated, "test", World.Officer, TimeProvider.System.GetUtcNow())
        {
            Except = [StopTarget.Parse("STRATEGY:s1")],
        };
        Assert.IsType<StopAnswer.Forbidden>(await world.System.StopAsync(
            request with { RequestedBy = World.Trader("alice"), Target = StopTarget.Parse("USER:alice") }, TimeSpan.Zero, CancellationToken.None));
        var engaged = Assert.IsType<StopAnswer.Engaged>(await world.System.StopAsync(request, TimeSpan.FromSeconds(20), CancellationToken.None));
        Assert.Equal(StopState.Completed, engaged.Result.State);
        Assert.Equal(6m, world.PositionAtVenue("alice", "AAPL"));
        await world.PlaceAsync(World.AtMarket("alice", 1, strategy: "s1"));
        Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.AtMarket("alice", 1, strategy: "s2")));
    }

    [Fact]
    public async Task Escalate_WithAnOrderPastTheGate_ClosesWhatThatOrderLeaves_AndTheRestOnceItHasEnded()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 10));
        var (stop, _) = await world.StopAsync("USER:alice");
        var terms = World.Resting("alice") with { Side = OrderSide.Sell, Quantity = 4, LimitPrice = 150, ReduceOnly = true };
        var past = Assert.IsType<PlaceAnswer.Admitted>(await world.User("alice").PlacePastGateAsync(
            terms, new(stop.Id, World.Officer, "by hand"), CancellationToken.None));
        Assert.IsType<EscalateAnswer.Escalated>(await world.Degrees.EscalateAsync(
            new(stop.Id, World.Officer, "all of it", TimeProvider.System.GetUtcNow()), CancellationToken.None));
        await world.UntilAsync(stop.Id, outcomes => outcomes.Any(o => o.Phase == "in_flight"));
        Assert.Equal(4m, world.PositionAtVenue("alice", "AAPL"));

        Assert.True((await world.User("alice").CancelAsync(past.Order.Id, CancellationToken.None)).Confirmed);
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task Escalate_ClosesThePositionsOfAStandingStop_Once()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        var (stop, result) = await world.StopAsync("USER:alice");
        Assert.Equal((StopState.Completed, 0), (result.State, result.PositionsClosed));
        var request = new EscalateRequest(stop.Id, World.Trader("alice"), "get me out", TimeProvider.System.GetUtcNow());
        Assert.IsType<EscalateAnswer.Forbidden>(await world.Degrees.EscalateAsync(request with { By = World.Trader("bob") }, CancellationToken.None));
        Assert.IsType<EscalateAnswer.Escalated>(await world.Degrees.EscalateAsync(request, CancellationToken.None));
        var closed = await world.System.ResultAsync(stop.Id, TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal((StopState.Completed, 1), (closed?.State, closed?.PositionsClosed));
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
        Assert.True(Assert.IsType<EscalateAnswer.Escalated>(await world.Degrees.EscalateAsync(request, CancellationToken.None)).Repeated);
    }
}
