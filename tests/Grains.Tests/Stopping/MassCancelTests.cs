using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>The venue's own mass cancel is used only where its scope is exactly the stop's, and its answer is owed (F2).</summary>
public sealed class MassCancelTests
{
    private const int Orders = 30;

    [Theory]
    [InlineData("USER:alice", false, true)]
    [InlineData("SYSTEM", false, true)]
    [InlineData("USER:alice", true, false)]
    [InlineData("SYMBOL:AAPL", false, false)]
    [InlineData("STRATEGY:s1", false, false)]
    [InlineData("USER:alice/SYMBOL:AAPL", false, false)]
    public async Task Stop_UsesIt_OnlyForAWholeAccount(string target, bool keepProtective, bool used)
    {
        await using var world = await World.StartAsync();
        await PlaceAsync(world);
        var (stop, result) = await world.StopAsync(target, new(KeepProtective: keepProtective));
        Assert.Equal((StopState.Completed, Orders), (result.State, result.OrdersCancelled));
        var outcomes = await world.Ledger.OutcomesAsync(stop.Id, CancellationToken.None);
        Assert.Equal(used, outcomes.Any(o => o.Kind == ObligationKind.MassCancel));
    }

    [Fact]
    public async Task CancelOnly_NeverUsesIt_AsItHoldsNoGate()
    {
        await using var world = await World.StartAsync();
        await PlaceAsync(world);
        var (stop, _) = await world.StopAsync("USER:alice", new(PauseStrategies: false, CancelOnly: true));
        Assert.DoesNotContain(await world.Ledger.OutcomesAsync(stop.Id, CancellationToken.None), o => o.Kind == ObligationKind.MassCancel);
    }

    [Fact]
    public async Task Stop_LeavesOtherAccountsAlone()
    {
        await using var world = await World.StartAsync();
        await PlaceAsync(world);
        await world.PlaceAsync(World.Resting("bob"));
        await world.StopAsync("USER:alice");
        Assert.Single(world.OpenAtVenue("bob"));
    }

    [Fact]
    public async Task Release_WhileItIsUnanswered_IsRefused()
    {
        await using var world = await World.StartAsync();
        await PlaceAsync(world);
        world.Faults.Change(f => f with { LoseAnswers = 1 });
        var stopping = world.StopAsync("USER:alice", waitSeconds: 0);
        var (stop, _) = await stopping;
        await world.UntilAsync(stop.Id, o => o.Any(x => x.Kind == ObligationKind.MassCancel && x.Outcome == OutcomeKind.Unknown));
        Assert.IsNotType<ReleaseAnswer.Released>(await world.ReleaseAsync(stop.Id));

        world.Faults.Change(f => f with { LoseAnswers = 0 });
        var outcomes = await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(OutcomeKind.Ended, outcomes.Single(o => o.Kind == ObligationKind.MassCancel).Outcome);
        Assert.Equal(Orders, outcomes.Count(o => o.Kind == ObligationKind.Order && o.Outcome == OutcomeKind.Cancelled));
    }

    private static async Task PlaceAsync(World world)
    {
        for (var i = 0; i < Orders; i++)
        {
            await world.PlaceAsync(World.Resting("alice"));
        }
    }
}
