using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class EngageTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableFact]
    public async Task Engage_IsReadBackAsAnswered()
    {
        var ledger = await File.OpenAsync();
        var request = File.Request("USER:alice/SYMBOL:BTC-USD", new(true, false, true, true), LedgerFile.Alice, "k1", "hash");
        File.Time.Advance(TimeSpan.FromMilliseconds(3));

        var stop = Assert.IsType<EngageAnswer.Engaged>(await ledger.EngageAsync(StopId.Parse("stop"), request, None)).Stop;

        Assert.Equal(request, stop.Request);
        Assert.Equal((1, StopState.Working), (stop.Number, stop.State));
        Assert.Equal(TimeSpan.FromMilliseconds(3), stop.Clocks.GateClosed);
        Assert.Equal(stop, await ledger.FindStopAsync(stop.Id, None), SameStop.Instance);
        Assert.Equal(stop, Assert.Single(await ledger.UnfinishedStopsAsync(None)), SameStop.Instance);
        Assert.Equal(stop, Assert.Single(await ledger.StopsOnAsync(stop.Target, 10, None)), SameStop.Instance);
    }

    [SkippableFact]
    public async Task Engage_GateClosedClock_RunsUntilAfterTheCommit_AndIsKept()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await File.ProgressAsync(ledger, stop, StopState.Completed, new(GateClosed: TimeSpan.FromHours(1)));
        await ledger.DisposeAsync();

        var again = await File.OpenAsync();

        Assert.Equal(stop.Clocks.GateClosed, (await again.FindStopAsync(stop.Id, None))!.Clocks.GateClosed);
    }

    [SkippableFact]
    public async Task Engage_CancelOnly_DrawsANumberAndHoldsNothing()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM", new(PauseStrategies: false, CancelOnly: true));

        Assert.False(stop.HoldsLatch);
        Assert.Equal(0, ledger.Gate.Held);
        Assert.Equal(stop.Number + 1, (await LedgerFile.AdmitAsync(ledger, File.Order())).Number);
    }

    [SkippableFact]
    public async Task Engage_SameKey_IsTheSameStop_WhateverHappenedMeanwhile()
    {
        var ledger = await File.OpenAsync();
        var first = Assert.IsType<EngageAnswer.Engaged>(
            await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM", key: "k", bodyHash: "b"), None)).Stop;
        await File.FinishAsync(ledger, first);
        File.Time.Advance(TimeSpan.FromDays(2));

        var again = await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM", key: "k", bodyHash: "b"), None);
        var other = await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM", key: "k", bodyHash: "other"), None);
        var otherCaller = await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM", by: LedgerFile.Alice, key: "k", bodyHash: "b"), None);

        Assert.NotNull(Assert.IsType<EngageAnswer.Repeated>(again).Stop.Release);
        Assert.Equal(first.Id, Assert.IsType<EngageAnswer.Repeated>(again).Stop.Id);
        Assert.Equal(first.Id, Assert.IsType<EngageAnswer.KeyReused>(other).Stop.Id);
        Assert.IsType<EngageAnswer.Engaged>(otherCaller);
    }

    [SkippableFact]
    public async Task Engage_SameStopId_IsTheSameStop_AndIsNeverLatchedAgain()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await File.FinishAsync(ledger, stop);

        var again = await ledger.EngageAsync(stop.Id, File.Request("SYSTEM"), None);

        Assert.Equal(stop.Id, Assert.IsType<EngageAnswer.Repeated>(again).Stop.Id);
        Assert.Equal(0, ledger.Gate.Held);
    }

    [SkippableTheory]
    [InlineData(10.0, true)]
    [InlineData(10.001, false)]
    public async Task Engage_KeylessRepeat_IsTheStandingStopWithinTenSeconds(double seconds, bool repeated)
    {
        var ledger = await File.OpenAsync();
        var first = await File.EngageAsync(ledger, "USER:alice");
        File.Time.Advance(TimeSpan.FromSeconds(seconds));

        var answer = await ledger.EngageAsync(File.NewStop(), File.Request("USER:alice"), None);

        Assert.Equal(repeated, answer is EngageAnswer.Repeated { Stop: var stop } && stop.Id == first.Id);
        Assert.Equal(repeated ? 1 : 2, ledger.Gate.Held);
    }

    [SkippableFact]
    public async Task Engage_KeylessButOtherwise_IsANewStop()
    {
        var ledger = await File.OpenAsync();
        var first = await File.EngageAsync(ledger, "USER:alice");
        async Task<bool> IsNewAsync(EmergencyStopRequest request) =>
            await ledger.EngageAsync(File.NewStop(), request, None) is EngageAnswer.Engaged;

        Assert.True(await IsNewAsync(File.Request("USER:alice", by: LedgerFile.Alice)));
        Assert.True(await IsNewAsync(File.Request("USER:bob")));
        Assert.True(await IsNewAsync(File.Request("USER:alice", new(ClosePositions: true))));
        Assert.True(await IsNewAsync(File.Request("USER:alice", key: "k")));
        await File.FinishAsync(ledger, first);
        Assert.True(await IsNewAsync(File.Request("USER:alice")));
    }

    [SkippableFact]
    public async Task Engage_AfterAKeyedOne_WithoutAKey_IsANewStop()
    {
        var ledger = await File.OpenAsync();
        await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM", key: "k"), None);

        Assert.IsType<EngageAnswer.Engaged>(await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM"), None));
    }

    [SkippableFact]
    public async Task Engage_ManyAtOnce_EachHoldsItsTarget()
    {
        var ledger = await File.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(
            i => ledger.EngageAsync(File.NewStop(), File.Request($"USER:u{i}"), None).AsTask()));

        Assert.All(answers, a => Assert.IsType<EngageAnswer.Engaged>(a));
        Assert.Equal(500, ledger.Gate.Held);
        Assert.Equal(500, answers.Select(a => ((EngageAnswer.Engaged)a).Stop.Number).Distinct().Count());
    }

    [SkippableFact]
    public async Task Engage_WithACancelledToken_ClosesTheGateAllTheSame()
    {
        var ledger = await File.OpenAsync();
        var trouble = await Record.ExceptionAsync(
            async () => await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM"), new(canceled: true)));
        Assert.True(trouble is null or OperationCanceledException);

        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order(), None));
    }

    [SkippableFact]
    public async Task Reopening_KeepsLatchesAndPauses()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "USER:alice");
        await File.EngageAsync(ledger, "STRATEGY:s1");
        await ledger.PauseAsync(stop, [StrategyId.Parse("s1")], File.Now, None);
        var before = ledger.Gate;
        await ledger.DisposeAsync();

        var again = await File.OpenAsync();

        Assert.Equal(before.Number, again.Gate.Number);
        Assert.Equal(before.Latches.OrderBy(l => l.Number), again.Gate.Latches.OrderBy(l => l.Number));
        Assert.Equal(before.Pauses, again.Gate.Pauses);
        Assert.IsType<AdmitAnswer.GateClosed>(await again.AdmitAsync(File.Order(), None));
    }

    [SkippableFact]
    public async Task Closed_OrNotYetOpen_AdmitsNothing()
    {
        var ledger = await File.OpenAsync();
        await ledger.DisposeAsync();

        Assert.Equal(-1, ledger.Gate.Number);
        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await ledger.AdmitAsync(File.Order(), None));
        await Assert.ThrowsAsync<LedgerUnavailableException>(
            async () => await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM"), None));
        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await ledger.FindStopAsync(StopId.Parse("x"), None));
    }
}
