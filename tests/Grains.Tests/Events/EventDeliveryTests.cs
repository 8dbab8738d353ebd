using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace EmergencyStop.Grains.Tests.Events;

public sealed class EventDeliveryTests
{
    [Fact]
    public async Task AHandler_HearsEachEventOnce_InOrder_FromWhenItWasFirstThere_AcrossRestarts()
    {
        await using var stage = await EventStage.OpenAsync();
        await stage.AppendAsync();
        var before = new ScriptedHandler("mail");
        var process = await stage.StartAsync(before);
        await stage.AppendAsync();
        await stage.AppendAsync("risk.unwanted");
        await stage.AppendAsync();
        await before.HasAsync(2, 4);
        await process.StopAsync(EventStage.None);
        await stage.AppendAsync();

        var after = new ScriptedHandler("mail");
        await stage.StartAsync(after);
        await stage.AppendAsync();

        await after.HasAsync(5, 6);
        Assert.Empty(await stage.SetAsideAsync());
    }

    [Fact]
    public async Task AnEventThatAlwaysThrows_IsSetAside_AndTakesNeitherTheNextNorAnotherHandlerAlong()
    {
        await using var stage = await EventStage.OpenAsync();
        var sick = new ScriptedHandler("sick", (e, _, _) => e.Id == "2" ? throw new InvalidOperationException("no") : Task.CompletedTask);
        var well = new ScriptedHandler("well");
        await stage.StartAsync(sick, well);
        for (var i = 0; i < 4; i++)
        {
            await stage.AppendAsync();
        }

        await well.HasAsync(1, 2, 3, 4);
        await sick.HasAsync(1, 3, 4);
        var aside = Assert.Single(await stage.SetAsideAsync());
        Assert.Equal(("sick", "2", 3, SetAsideState.Waiting), (aside.Consumer, aside.EventId, aside.Attempts, aside.State));
        Assert.Contains(nameof(InvalidOperationException), aside.Why, StringComparison.Ordinal);
        Assert.Equal(6, sick.Attempts);
    }

    [Fact]
    public async Task AHandlerThatThrowsSometimes_TakesEveryEventIn_InOrder()
    {
        await using var stage = await EventStage.OpenAsync();
        var shaky = new ScriptedHandler("shaky", (_, attempt, _) => attempt < 3 ? throw new TimeoutException("busy") : Task.CompletedTask);
        await stage.StartAsync(shaky);
        for (var i = 0; i < 5; i++)
        {
            await stage.AppendAsync();
        }

        await shaky.HasAsync(1, 2, 3, 4, 5);
        Assert.Equal(15, shaky.Attempts);
        Assert.Empty(await stage.SetAsideAsync());
    }

    /// <summary>One waits and minds no token, one holds its thread: neither is waited for, and nobody else notices.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AHandlerThatHangs_IsLeftAlone(bool holdsItsThread)
    {
        await using var stage = await EventStage.OpenAsync();
        using var over = new ManualResetEventSlim();
        var never = new TaskCompletionSource();
        stage.Options.Attempts = 2;
        var stuck = new ScriptedHandler("stuck", (e, _, _) =>
        {
            if (e.Id != "1")
            {
                return Task.CompletedTask;
            }

            if (holdsItsThread)
            {
                over.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            }

            return never.Task;
        });
        var well = new ScriptedHandler("well");
        try
        {
            await stage.StartAsync(stuck, well);
            await stage.AppendAsync();
            await stage.AppendAsync();

            await well.HasAsync(1, 2);
            await stuck.HasAsync(2);
            Assert.Contains("longer than", Assert.Single(await stage.SetAsideAsync()).Why, StringComparison.Ordinal);
        }
        finally
        {
            over.Set();
        }
    }

    [Fact]
    public async Task WhatAPersonWantsRetried_IsTriedAgain_AndIsHandledOrWaitsAnew()
    {
        await using var stage = await EventStage.OpenAsync();
        var heals = false;
        var sick = new ScriptedHandler("sick", (_, _, _) => heals ? Task.CompletedTask : throw new InvalidOperationException("no"));
        await stage.StartAsync(sick);
        await stage.AppendAsync();
        await EventStage.UntilAsync(async () => await stage.Ledger.CountSetAsideAsync(EventStage.None) == 1);
        var number = (await stage.SetAsideAsync())[0].Number;

        await RetryAsync(stage, number);
        await EventStage.UntilAsync(async () => (await stage.SetAsideAsync())[0] is { State: SetAsideState.Waiting, Attempts: 6 });
        heals = true;
        await RetryAsync(stage, number);
        await EventStage.UntilAsync(async () => (await stage.SetAsideAsync())[0].State == SetAsideState.Handled);

        await sick.HasAsync(1);
    }

    /// <summary>Two processes: one delivers, the other stands by and takes over when the first is gone.</summary>
    [Fact]
    public async Task OfTwoProcesses_OneDelivers_AndTheOtherTakesOver()
    {
        await using var stage = await EventStage.OpenAsync();
        var (first, second) = (new ScriptedHandler("mail"), new ScriptedHandler("mail"));
        var process = await stage.StartAsync(first);
        await stage.StartAsync(second);
        await stage.AppendAsync();
        await stage.AppendAsync();
        await first.HasAsync(1, 2);
        await process.StopAsync(EventStage.None);
        await stage.AppendAsync();

        await second.HasAsync(3);
    }

    /// <summary>A process that stands still past its time finds its position moved, and does not move it back.</summary>
    [Fact]
    public async Task AProcessThatLostItsTurn_KeepsNothing()
    {
        await using var stage = await EventStage.OpenAsync();
        var slow = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        stage.Options.HandlerTimeout = TimeSpan.FromSeconds(30);
        stage.Options.Lease = TimeSpan.FromSeconds(1);
        var first = new ScriptedHandler("mail", async (_, _, _) =>
        {
            reached.TrySetResult();
            await slow.Task;
        });
        await stage.StartAsync(first);
        await stage.AppendAsync();
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var second = new ScriptedHandler("mail");
        await stage.StartAsync(second);
        await second.HasAsync(1);
        await stage.AppendAsync();
        await second.HasAsync(1, 2);
        slow.SetResult();
        await stage.AppendAsync();

        await second.HasAsync(1, 2, 3);
        await EventStage.UntilAsync(async () => (await stage.Ledger.ConsumersAsync(EventStage.None))[0].Position == 3);
        await first.HasAsync(1);
    }

    /// <summary>The ledger is lost between the handling and the keeping: the event comes again, and is not lost.</summary>
    [Fact]
    public async Task APositionThatWasNotKept_MakesTheEventComeAgain()
    {
        await using var stage = await EventStage.OpenAsync();
        var (ledger, fault) = LedgerFault.Around(stage.Ledger);
        var mail = new ScriptedHandler("mail", (_, attempt, _) =>
        {
            fault.Set(attempt == 1 ? LedgerTrouble.Down : LedgerTrouble.None);
            return Task.CompletedTask;
        });
        await stage.StartAsync(ledger, NullLogger<EmergencyStop.Grains.Events.EventDispatcher>.Instance, mail);
        await stage.AppendAsync();
        await EventStage.UntilAsync(() => Task.FromResult(mail.Handled.Count == 1));
        fault.Set(LedgerTrouble.None);

        await mail.HasAsync(1, 1);
        await EventStage.UntilAsync(async () => (await stage.Ledger.ConsumersAsync(EventStage.None))[0].Position == 1);
    }

    [Fact]
    public async Task WhatWasDroppedBeforeAHandlerHadIt_IsSetAsideForPeopleToSee()
    {
        await using var stage = await EventStage.OpenAsync();
        var process = await stage.StartAsync(new ScriptedHandler("mail"));
        await process.StopAsync(EventStage.None);
        for (var i = 0; i < 5; i++)
        {
            await stage.AppendAsync();
        }

        await stage.Ledger.PruneEventsAsync(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1), 2, EventStage.None);
        var after = new ScriptedHandler("mail");
        await stage.StartAsync(after);

        await after.HasAsync(4, 5);
        var aside = Assert.Single(await stage.SetAsideAsync());
        Assert.Equal(("events.dropped", """{"from":1,"to":3}"""), (aside.Type, aside.Data));
    }

    private static Task<EventSetAside?> RetryAsync(EventStage stage, long number) =>
        stage.Ledger.SettleSetAsideAsync(new(number, SetAsideState.Retrying, TimeProvider.System.GetUtcNow(), "officer", "again"), EventStage.None);
}
