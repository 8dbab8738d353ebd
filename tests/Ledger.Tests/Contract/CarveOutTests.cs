using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using Xunit;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class CarveOutTests(LedgerKind kind) : LedgerTest(kind)
{
    private static readonly ImmutableDictionary<AccountId, UserId> Nobody = ImmutableDictionary<AccountId, UserId>.Empty;

    [SkippableTheory]
    [InlineData("SYSTEM", "USER:alice")]
    [InlineData("SYSTEM", "STRATEGY:s1")]
    [InlineData("SYSTEM", "SYMBOL:BTC-USD")]
    [InlineData("SYSTEM", "USER:alice/SYMBOL:BTC-USD")]
    [InlineData("SYMBOL:BTC-USD", "USER:alice")]
    [InlineData("STRATEGY:s1", "USER:alice")]
    [InlineData("USER:alice", "SYMBOL:BTC-USD")]
    public async Task Except_OpensThePart_AndPutBack_ClosesItAndOwesWhatCameBetween(string target, string part)
    {
        var ledger = await File.OpenAsync();
        var stop = await CompletedAsync(ledger, target);
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order(), None));

        Assert.False(Done(await ExceptAsync(ledger, stop, part)).Repeated);
        Assert.True(Done(await ExceptAsync(ledger, stop, part)).Repeated);
        var other = await File.OpenAsync();
        var between = new[] { await LedgerFile.AdmitAsync(ledger, File.Order()), await LedgerFile.AdmitAsync(other, File.Order()) };
        Assert.Empty(await ledger.OwedAsync(Fresh(await ledger.FindStopAsync(stop.Id, None)), false, null, None));

        var back = Done(await ledger.PutBackAsync(new(stop.Id, StopTarget.Parse(part), LedgerFile.Officer, "enough", File.Now), None)).Stop;

        Assert.Equal(StopState.Working, back.State);
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order(), None));
        Assert.IsType<AdmitAnswer.GateClosed>(await other.AdmitAsync(File.Order(), None));
        var owed = await ledger.OwedAsync(back, false, null, None);
        Assert.Equal(between.Select(o => o.Id.Value).Order(), owed.Select(o => o.Id.Value).Order());
        Assert.Equal(back, await ledger.FindStopAsync(stop.Id, None), SameStop.Instance);
        Assert.Equal(["stop.excepted", "stop.put_back"], (await ledger.AuditAsync(0, 100, None)).Select(a => a.Entry.Action).Where(a => a is "stop.excepted" or "stop.put_back"));
        Assert.Equal(StopState.Outstanding, (await File.ProgressAsync(ledger, back, StopState.Completed)).State);
    }

    [SkippableFact]
    public async Task Except_LeavesOthersClosed_AndOtherStopsHold()
    {
        var ledger = await File.OpenAsync();
        var stop = await CompletedAsync(ledger, "SYSTEM");
        await ExceptAsync(ledger, stop, "USER:alice");
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order("bob"), None));
        await CompletedAsync(ledger, "USER:alice");
        Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order(), None));
    }

    [SkippableFact]
    public async Task Engage_WithParts_NeverClosesThem_NorOwesThem()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order());
        var theirs = await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        var request = File.Request("SYSTEM") with { Except = [StopTarget.Parse("USER:alice")] };
        var stop = Assert.IsType<Stopping.EngageAnswer.Engaged>(await ledger.EngageAsync(File.NewStop(), request, None)).Stop;
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(File.Order(), None));
        Assert.Equal(theirs.Id, Assert.Single(await ledger.OwedAsync(stop, false, null, None)).Id);
        Assert.IsType<Stopping.EngageAnswer.Engaged>(await ledger.EngageAsync(File.NewStop(), File.Request("SYSTEM"), None));
        Assert.IsType<Stopping.EngageAnswer.Repeated>(await ledger.EngageAsync(File.NewStop(), request, None));
    }

    [SkippableFact]
    public async Task Except_WhereSomethingIsOwedOrWorking_IsRefused()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        Assert.IsType<ExceptAnswer.Working>(await ExceptAsync(ledger, stop, "USER:alice"));
        await File.ProgressAsync(ledger, stop, StopState.Outstanding);
        var refused = Assert.IsType<ExceptAnswer.Outstanding>(await ExceptAsync(ledger, stop, "USER:alice"));
        Assert.Equal(order.Id.Value, Assert.Single(refused.Items).Item);
        Done(await ExceptAsync(ledger, stop, "USER:bob"));
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.MassCancel, "acc-bob", OutcomeKind.Unknown)], None);
        Assert.IsType<ExceptAnswer.Outstanding>(await ExceptAsync(ledger, stop, "SYMBOL:ETH-USD"));
        Assert.IsType<ExceptAnswer.NotInside>(await ExceptAsync(ledger, await CompletedAsync(ledger, "USER:carol"), "USER:alice"));
    }

    /// <summary>A process that was cut off tells of its mass cancel once it hears the ledger again, and others have carved a part out meanwhile.</summary>
    [SkippableFact]
    public async Task PartCarvedOut_WhileAMassCancelMayHitIt_AdmitsNothing()
    {
        var ledger = await File.OpenAsync();
        var stop = await CompletedAsync(ledger, "SYSTEM");
        Done(await ExceptAsync(ledger, stop, "SYMBOL:ETH-USD"));
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.MassCancel, "acc-alice", OutcomeKind.Unknown)], None);

        var refused = Assert.IsType<AdmitAnswer.GateClosed>(await ledger.AdmitAsync(File.Order(symbol: "ETH-USD"), None));
        Assert.Equal(stop.Id, refused.By.Stop);
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(File.Order("bob", symbol: "ETH-USD"), None));

        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.MassCancel, "acc-alice", OutcomeKind.Ended)], None);
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(File.Order(symbol: "ETH-USD"), None));
    }

    [SkippableFact]
    public async Task InferredOrderOfACarvedOutPart_ThatTurnsUp_IsOwedOncePutBack()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        await File.RecordAsync(ledger, order, OrderState.NeverSent);
        var stop = await CompletedAsync(ledger, "SYSTEM");
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(order, OutcomeKind.NeverSent, inferred: true)], None);
        await ExceptAsync(ledger, stop, "USER:alice");
        await File.RecordAsync(ledger, order, OrderState.Open, venueId: "late");
        Assert.Equal(StopState.Completed, Fresh(await ledger.FindStopAsync(stop.Id, None)).State);

        var back = Done(await ledger.PutBackAsync(new(stop.Id, StopTarget.Parse("USER:alice"), LedgerFile.Officer, "enough", File.Now), None)).Stop;
        Assert.Equal(order.Id, Assert.Single(await ledger.OwedAsync(back, false, null, None)).Id);
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(order, OutcomeKind.Unknown)], None);
        Assert.Equal(OutcomeKind.Unknown, Assert.Single(await ledger.OutcomesAsync(stop.Id, None)).Outcome);
    }

    [SkippableFact]
    public async Task Pauses_StayInAPart_UntilResumed_AndComeAgainWhenPutBack()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order());
        await LedgerFile.AdmitAsync(ledger, File.Order("bob", "s2"));
        var stop = await CompletedAsync(ledger, "SYSTEM", new(CancelOrders: false));
        StrategyId[] both = [StrategyId.Parse("s1"), StrategyId.Parse("s2")];
        await ledger.PauseAsync(stop, [.. both], File.Now, None);
        await ExceptAsync(ledger, stop, "USER:alice");

        Assert.IsType<AdmitAnswer.StrategyPaused>(await ledger.AdmitAsync(File.Order(), None));
        Assert.IsType<ResumeAnswer.GateClosed>(await ledger.ResumeAsync(both[1], LedgerFile.Officer, "go", File.Now, None));
        Assert.IsType<ResumeAnswer.Resumed>(await ledger.ResumeAsync(both[0], LedgerFile.Officer, "go", File.Now, None));
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(File.Order(), None));
        await ledger.PauseAsync(stop, [.. both], File.Now, None); // A later pass pauses nobody who was resumed.
        Assert.Empty((await ledger.FindStrategyAsync(both[0], None))!.Pauses);

        var back = Done(await ledger.PutBackAsync(new(stop.Id, StopTarget.Parse("USER:alice"), LedgerFile.Officer, "enough", File.Now), None)).Stop;
        await ledger.PauseAsync(back, [.. both], File.Now, None);
        Assert.Single((await ledger.FindStrategyAsync(both[0], None))!.Pauses);
    }

    [SkippableFact]
    public async Task EndPass_ThatBeganBeforeAnEscalation_DecidesNothing()
    {
        var ledger = await File.OpenAsync();
        var read = await CompletedAsync(ledger, "USER:alice");
        await ledger.RecordOutcomesAsync(read.Id, [File.Outcome(ObligationKind.Position, "alice/AAPL", OutcomeKind.Closed)], None);
        File.Time.Advance(TimeSpan.FromSeconds(1));
        var escalated = Assert.IsType<EscalateAnswer.Escalated>(await ledger.EscalateAsync(new(read.Id, LedgerFile.Officer, "close", File.Now), None));
        Assert.Equal((StopState.Working, true), (escalated.Stop.State, escalated.Stop.Options.ClosePositions));
        Assert.True(Assert.IsType<EscalateAnswer.Escalated>(await ledger.EscalateAsync(new(read.Id, LedgerFile.Officer, "close", File.Now), None)).Repeated);

        var stale = await ledger.EndPassAsync(read, End(StopState.Completed), None);
        Assert.Equal(StopState.Working, stale.State);
        File.Time.Advance(TimeSpan.FromSeconds(1));
        await ledger.RecordOutcomesAsync(read.Id, [File.Outcome(ObligationKind.Position, "alice/AAPL", OutcomeKind.Failed)], None);
        Assert.Equal(StopState.Outstanding, (await ledger.EndPassAsync(stale, End(StopState.Completed), None)).State);

        var holding = await CompletedAsync(ledger, "USER:bob", new(CancelOrders: false));
        Assert.IsType<EscalateAnswer.Cannot>(await ledger.EscalateAsync(new(holding.Id, LedgerFile.Officer, "close", File.Now), None));
    }

    private PassEnd End(StopState state) => new(state, new(), [], File.Now, File.Now + TimeSpan.FromSeconds(1));

    private async Task<Stop> CompletedAsync(StoredLedger ledger, string target, StopOptions? options = null) =>
        await File.ProgressAsync(ledger, await File.EngageAsync(ledger, target, options), StopState.Completed);

    private Task<ExceptAnswer> ExceptAsync(StoredLedger ledger, Stop stop, string part) =>
        ledger.ExceptAsync(new(stop.Id, StopTarget.Parse(part), LedgerFile.Officer, "hedge", File.Now), Nobody, None);

    private static ExceptAnswer.Done Done(ExceptAnswer answer) => Assert.IsType<ExceptAnswer.Done>(answer);

    private static Stop Fresh(Stop? stop) => stop ?? throw new InvalidOperationException("The stop is gone.");
}
