using EmergencyStop.Access;
using EmergencyStop.Events;
using EmergencyStop.Grains.Events;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Logging.Abstractions;

namespace EmergencyStop.Grains.Tests.Events;

public sealed class EmergencyStopEventTests
{
    [Fact]
    public async Task TheSameEvent_IsTheSameStop_AfterARestartToo()
    {
        await using var before = await World.StartAsync(); // Disposed of last: the folder is its own.
        var stop = (await PublishAsync(before, "e1")).Stop.Id;
        Assert.Equal((stop, true), await AgainAsync(before));
        await before.AbandonAsync();
        await using var after = await World.StartAsync(before);
        Assert.Equal((stop, true), await AgainAsync(after));
        Assert.NotEqual(stop, (await PublishAsync(after, "e2")).Stop.Id);

        static async Task<(StopId, bool)> AgainAsync(World world)
        {
            var again = await PublishAsync(world, "e1");
            return (again.Stop.Id, again.Repeated);
        }
    }

    [Fact]
    public async Task TheSameId_FromAnotherSourceOrKey_IsAnotherStop_AndWithOtherContentIsRefused()
    {
        await using var world = await World.StartAsync();
        var first = await PublishAsync(world, "e1");
        var ofOther = await PublishAsync(world, "e1", source: "/other");
        var byOther = await PublishAsync(world, "e1", by: new Caller("k-other", "other", Role.RiskOfficer, null));

        Assert.Equal(3, new[] { first.Stop.Id, ofOther.Stop.Id, byOther.Stop.Id }.Distinct().Count());
        Assert.IsType<StopAnswer.KeyReused>(await world.Bus.PublishAsync(Requested("e1", target: "USER:bob"), default));
    }

    [Fact]
    public async Task AnEvent_GivesNoMoreAuthorityThanAPress()
    {
        await using var world = await World.StartAsync();
        Assert.IsType<StopAnswer.Forbidden>(await world.Bus.PublishAsync(Requested("e1", by: World.Trader("bob")), default));
        Assert.IsType<PlaceAnswer.Admitted>(await world.TryPlaceAsync(World.Resting("alice")));
    }

    [Fact]
    public async Task CodeInTheSameProcess_StopsABookByItsName()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.Resting("alice"));

        var engaged = Assert.IsType<StopAnswer.Engaged>(await world.Bus.PublishEmergencyStopAsync(UserId.Parse("alice"), "the feed is broken"));

        Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(World.Resting("alice")));
        Assert.IsType<PlaceAnswer.Admitted>(await world.TryPlaceAsync(World.Resting("bob")));
        await world.UntilAsync(engaged.Stop.Id, StopState.Completed);
    }

    /// <summary>Without the ledger the brake spools it; the same event is the same stop then, and after its record too.</summary>
    [Fact]
    public async Task WithoutTheLedger_TheSameEventIsTheSameStop_ThenAndAfterItsRecord()
    {
        await using var world = await World.StartAsync();
        world.Fault.Set(LedgerTrouble.Down);
        var braked = await PublishAsync(world, "e1");
        var again = await PublishAsync(world, "e1");
        Assert.Equal((braked.Stop.Id, true, false), (again.Stop.Id, again.Repeated, again.Result.Recorded));
        world.Fault.Set(LedgerTrouble.None);
        await world.RecordedAsync(braked.Stop.Id);

        var recorded = await PublishAsync(world, "e1");

        Assert.Equal((braked.Stop.Id, true, true), (recorded.Stop.Id, recorded.Repeated, recorded.Result.Recorded));
        Assert.Single(await world.Ledger.StopsOnAsync(StopTarget.Parse("USER:alice"), 10, default));
    }

    /// <summary>A thousand events wait behind a handler that hangs: the stop waits for none of them.</summary>
    [Fact]
    public async Task AnEmergencyStop_OvertakesEverythingQueued()
    {
        await using var stage = await EventStage.OpenAsync();
        stage.Options.HandlerTimeout = TimeSpan.FromMinutes(1);
        var over = new TaskCompletionSource();
        var stuck = new ScriptedHandler("stuck", (_, _, _) => over.Task);
        await stage.StartAsync(stuck);
        var system = new OneAnswerSystem(() => new StopAnswer.KeyReused(StopId.Parse("t")));
        var bus = Bus(stage, system);
        for (var i = 0; i < 1_000; i++)
        {
            _ = bus.PublishAsync("risk.tested", "r1", EventAudience.Desk, "{}", default);
        }

        var answer = bus.PublishAsync(Requested("e1"), default);

        Assert.True(answer.IsCompletedSuccessfully, "It was answered on the publisher's own call.");
        Assert.Empty(stuck.Handled);
        over.SetResult();
    }

    [Fact]
    public async Task AnEventThatCannotBecomeAStop_IsTriedAgain_ThenSetAsideAndNotAnsweredAsOne()
    {
        await using var stage = await EventStage.OpenAsync();
        var system = new OneAnswerSystem(() => throw new InvalidOperationException("no"));

        await Assert.ThrowsAsync<EventNotHandledException>(() => Bus(stage, system).PublishAsync(Requested("e1"), default));

        Assert.Equal(3, system.Asked);
        var aside = Assert.Single(await stage.SetAsideAsync());
        Assert.Equal((EmergencyStopHandler.Name, "/desk", "e1", "USER:alice"), (aside.Consumer, aside.Source, aside.EventId, aside.Subject));
    }

    [Fact]
    public async Task ACriticalType_IsNotPublishedAsAnyOther()
    {
        await using var stage = await EventStage.OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => Bus(stage, new OneAnswerSystem(() => throw new InvalidOperationException("no")))
            .PublishAsync(EventTypes.EmergencyStopRequested, "alice", EventAudience.Desk, "{}", default));
    }

    private static EventBus Bus(EventStage stage, IEmergencyStopSystem system) => new(
        new(system), stage.Ledger, new RandomIds(TimeProvider.System), TimeProvider.System, Microsoft.Extensions.Options.Options.Create(stage.Options), NullLogger<EventBus>.Instance);

    private static EmergencyStopRequested Requested(string id, string source = "/desk", Caller? by = null, string target = "USER:alice") => new(
        source, id,
        new(StopTarget.Parse(target), new(), EmergencyStopReason.RiskViolation, "limit", by ?? World.Officer, TimeProvider.System.GetUtcNow()), TimeSpan.Zero);

    private static async Task<StopAnswer.Engaged> PublishAsync(World world, string id, string source = "/desk", Caller? by = null) =>
        Assert.IsType<StopAnswer.Engaged>(await world.Bus.PublishAsync(Requested(id, source, by), default));
}
