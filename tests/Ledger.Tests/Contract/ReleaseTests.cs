using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class ReleaseTests(LedgerKind kind) : LedgerTest(kind)
{
    private static readonly StrategyId S1 = StrategyId.Parse("s1");

    [SkippableFact]
    public async Task Release_OfACompletedStop_OpensTheGate()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");

        var released = Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, stop)).Stop;

        Assert.Equal((stop.Number + 1, "officer", "over"), (released.Release!.Number, released.Release.By, released.Release.Reason));
        Assert.Equal(released.Release, (await ledger.FindStopAsync(stop.Id, None))!.Release);
        await LedgerFile.AdmitAsync(ledger, File.Order());
    }

    [SkippableFact]
    public async Task Release_OfNothing_IsTold()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        var cancelOnly = await File.EngageAsync(ledger, "SYSTEM", new(PauseStrategies: false, CancelOnly: true));

        Assert.IsType<ReleaseAnswer.NotFound>(await ledger.ReleaseAsync(new(StopId.Parse("none"), LedgerFile.Officer, "over", false, File.Now), None));
        Assert.IsType<ReleaseAnswer.HoldsNothing>(await File.ReleaseAsync(ledger, cancelOnly));
        Assert.IsType<ReleaseAnswer.Working>(await File.ReleaseAsync(ledger, stop));
        await File.FinishAsync(ledger, stop);
        Assert.IsType<ReleaseAnswer.AlreadyReleased>(await File.ReleaseAsync(ledger, stop));
    }

    [SkippableFact]
    public async Task Release_WhileAnOrderIsOwedOrUnknown_IsRefusedAndNamesIt()
    {
        var ledger = await File.OpenAsync();
        var owed = await LedgerFile.AdmitAsync(ledger, File.Order());
        var unknown = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.RecordSweepAsync(stop.Id, [File.Evidence(unknown, OrderState.Unknown)], [File.Outcome(unknown, OutcomeKind.Unknown)], None);
        await File.ProgressAsync(ledger, stop, StopState.Outstanding);

        var refused = Assert.IsType<ReleaseAnswer.Outstanding>(await File.ReleaseAsync(ledger, stop));

        Assert.Equal([unknown.Id.Value, owed.Id.Value], refused.Items.Select(i => i.Item));
        Assert.All(refused.Items, i => Assert.Equal(OutcomeKind.Unknown, i.Outcome));
        Assert.Equal(1, ledger.Gate.Held);
        await ledger.RecordSweepAsync(
            stop.Id,
            [File.Evidence(unknown, OrderState.Cancelled), File.Evidence(owed, OrderState.Cancelled)],
            [File.Outcome(unknown, OutcomeKind.Cancelled), File.Outcome(owed, OutcomeKind.Cancelled)],
            None);
        Assert.IsType<ReleaseAnswer.Released>(await File.ReleaseAsync(ledger, stop));
    }

    [SkippableFact]
    public async Task Release_OfOneStop_LeavesTheOthers()
    {
        var ledger = await File.OpenAsync();
        var mine = await File.EngageAsync(ledger, "USER:alice/SYMBOL:BTC-USD");
        var others = new List<Stop>();
        foreach (var target in new[] { "USER:alice/SYMBOL:BTC-USD", "USER:alice", "SYMBOL:BTC-USD", "SYSTEM", "USER:bob", "STRATEGY:s1" })
        {
            others.Add(await File.EngageAsync(ledger, target, by: LedgerFile.Alice));
        }

        var released = Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, mine));

        Assert.Equal(others.Take(4).Select(s => s.Id.Value).Order(), released.StillHeld.Select(l => l.Stop.Value).Order());
        Assert.Equal(6, ledger.Gate.Held);
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order(), None));
    }

    [SkippableFact]
    public async Task Release_RestartsNothing()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        var stop = await File.EngageAsync(ledger, "USER:alice");
        await ledger.PauseAsync(stop, [S1], File.Now, None);

        var released = Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, stop));

        Assert.Equal(S1, Assert.Single(released.StillPaused));
        Assert.IsType<AdmitAnswer.StrategyPaused>(await ledger.AdmitAsync(File.Order(), None));
        await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
    }

    [SkippableFact]
    public async Task Release_WithResume_ResumesWhatNoOtherStopHolds()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        var first = await File.EngageAsync(ledger, "USER:alice");
        var strategies = Enumerable.Range(1, 600).Select(i => StrategyId.Parse($"s{i}")).ToArray();
        await ledger.PauseAsync(first, [.. strategies], File.Now, None);
        var second = await File.EngageAsync(ledger, "USER:alice");

        var held = Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, first, resume: true));
        Assert.Equal(600, held.StillPaused.Length);

        await File.FinishAsync(ledger, second, resume: true);
        Assert.IsType<AdmitAnswer.StrategyPaused>(await ledger.AdmitAsync(File.Order(), None));

        var third = await File.EngageAsync(ledger, "USER:carol");
        await ledger.PauseAsync(third, [.. strategies], File.Now, None);
        var free = Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, third, resume: true));
        Assert.Empty(free.StillPaused);
        Assert.Equal(600, ledger.Gate.Pauses.Count());
        await LedgerFile.AdmitAsync(ledger, File.Order("carol"));
    }

    [SkippableFact]
    public async Task Release_WithResume_ResumesWhatAnotherStopOnTheTargetHadPausedBefore()
    {
        var ledger = await File.OpenAsync();
        var first = await File.EngageAsync(ledger, "SYSTEM");
        var second = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.PauseAsync(first, [S1], File.Now, None);
        await ledger.PauseAsync(second, [S1], File.Now, None);
        Assert.Single(Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, first, resume: true)).StillPaused);

        Assert.Empty(Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, second, resume: true)).StillPaused);

        await LedgerFile.AdmitAsync(ledger, File.Order());
    }

    [SkippableFact]
    public async Task Resume_WhileTheGateIsHeld_IsRefused_AndThenResumes()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        var stop = await File.EngageAsync(ledger, "USER:alice");
        var outcome = Assert.Single(await ledger.PauseAsync(stop, [S1], File.Now, None));
        Assert.Equal((ObligationKind.Strategy, "s1", OutcomeKind.Paused), (outcome.Kind, outcome.Item, outcome.Outcome));

        var refused = await ledger.ResumeAsync(S1, LedgerFile.Officer, "go", File.Now, None);
        Assert.Equal(stop.Id, Assert.IsType<ResumeAnswer.GateClosed>(refused).By.Stop);
        Assert.True((await ledger.FindStrategyAsync(S1, None))!.IsPaused);

        await File.FinishAsync(ledger, stop);
        Assert.False(Assert.IsType<ResumeAnswer.Resumed>(await ledger.ResumeAsync(S1, LedgerFile.Officer, "go", File.Now, None)).Strategy.IsPaused);
        Assert.IsType<ResumeAnswer.NotPaused>(await ledger.ResumeAsync(S1, LedgerFile.Officer, "go", File.Now, None));
        Assert.IsType<ResumeAnswer.NotFound>(await ledger.ResumeAsync(StrategyId.Parse("none"), LedgerFile.Officer, "go", File.Now, None));
        await LedgerFile.AdmitAsync(ledger, File.Order());
    }

    [SkippableFact]
    public async Task Pause_OfAPausedStrategy_LeavesItsFirstPause()
    {
        var ledger = await File.OpenAsync();
        var first = await File.EngageAsync(ledger, "USER:alice");
        await ledger.PauseAsync(first, [S1, S1], File.Now, None);
        var pause = Assert.Single(ledger.Gate.Pauses);
        var second = await File.EngageAsync(ledger, "USER:alice");

        var outcomes = await ledger.PauseAsync(second, [S1], File.Now, None);

        Assert.Equal(OutcomeKind.Paused, Assert.Single(outcomes).Outcome);
        Assert.Equal(pause, Assert.Single(ledger.Gate.Pauses));
        Assert.Single(await ledger.OutcomesAsync(second.Id, None));
    }
}
