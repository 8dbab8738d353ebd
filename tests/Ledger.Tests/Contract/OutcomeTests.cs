using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class OutcomeTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableTheory]
    [InlineData(OutcomeKind.Unknown, false, true)]
    [InlineData(OutcomeKind.Failed, false, true)]
    [InlineData(OutcomeKind.NeverSent, true, true)]
    [InlineData(OutcomeKind.NeverSent, false, false)]
    [InlineData(OutcomeKind.Cancelled, false, false)]
    [InlineData(OutcomeKind.Closed, false, false)]
    [InlineData(OutcomeKind.Waived, false, true)] // By evidence only: WaiverTests.
    public async Task AStandingOutcome_IsReplacedOnlyWhileUnmetOrInferred(OutcomeKind standing, bool inferred, bool replaced)
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        var first = File.Outcome(ObligationKind.Order, "o", standing) with { Inferred = inferred, Phase = "write", Reason = "why", Attempts = 3, NextTry = File.Now };
        await ledger.RecordOutcomesAsync(stop.Id, [first], None);
        Assert.Equal(first, Assert.Single(await ledger.OutcomesAsync(stop.Id, None)));

        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.Order, "o", OutcomeKind.Filled) with { FilledQuantity = 2.5m }], None);

        Assert.Equal(replaced, Assert.Single(await ledger.OutcomesAsync(stop.Id, None)).Outcome == OutcomeKind.Filled);
        Assert.Equal(replaced, OutcomeRule.Replaces(first, File.Outcome(ObligationKind.Order, "o", OutcomeKind.Filled), stop));
    }

    [SkippableFact]
    public async Task Progress_KeepsWhatOnceWasSet()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        var second = TimeSpan.FromSeconds(1);
        await File.ProgressAsync(ledger, stop, StopState.Working, new(LastCancelSent: second));
        File.Time.Advance(second);
        var finished = await ledger.ProgressAsync(
            stop.Id, StopState.Completed, new(null, second, second * 2, second, second), ["acc/BTC-USD"], File.Now, None);
        var finishedAt = File.Now;
        File.Time.Advance(second);
        var again = await ledger.ProgressAsync(stop.Id, StopState.Completed, new(), ["acc/BTC-USD"], File.Now, None);

        Assert.Equal(new(stop.Clocks.GateClosed, second, second, second, second), finished.Clocks);
        Assert.Equal((StopState.Completed, finishedAt), (finished.State, finished.FinishedAt));
        Assert.Equal(finished, again, SameStop.Instance);
        Assert.Equal(finished, await ledger.FindStopAsync(stop.Id, None), SameStop.Instance);
        Assert.Empty(await ledger.UnfinishedStopsAsync(None));
        Assert.Equal(new(1, 1, 0, 0), await ledger.CountsAsync(None));
    }

    [SkippableFact]
    public async Task Completed_WhileSomethingIsUnmet_IsOutstanding()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.MassCancel, "acc", OutcomeKind.Unknown)], None);

        Assert.Equal(StopState.Outstanding, (await File.ProgressAsync(ledger, stop, StopState.Completed)).State);
        Assert.Equal(new(1, 0, 0, 1), await ledger.CountsAsync(None));

        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.MassCancel, "acc", OutcomeKind.Ended)], None);
        Assert.Equal(StopState.Completed, (await File.ProgressAsync(ledger, stop, StopState.Completed)).State);
    }

    [SkippableFact]
    public async Task Completed_WhileAnOrderIsInFlight_IsOutstanding_UnlessTheStopCancelsNothing()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order());
        var cancelling = await File.EngageAsync(ledger, "SYSTEM");
        var holding = await File.EngageAsync(ledger, "SYSTEM", new(CancelOrders: false));

        Assert.Equal(StopState.Outstanding, (await File.ProgressAsync(ledger, cancelling, StopState.Completed)).State);
        Assert.Equal(StopState.Completed, (await File.ProgressAsync(ledger, holding, StopState.Completed)).State);
    }

    [SkippableFact]
    public async Task AnInferredOrder_IsWatchedWithoutAStop_AndAnAttestedOneIsNot()
    {
        var ledger = await File.OpenAsync();
        var inferred = await LedgerFile.AdmitAsync(ledger, File.Order());
        var attested = await LedgerFile.AdmitAsync(ledger, File.Order());
        await ledger.RecordAsync([Inferred(inferred), File.Evidence(attested, OrderState.NeverSent)], None);
        Assert.Equal(inferred.Id, Assert.Single(await ledger.InferredAsync(File.Now, None)).Id);

        await File.RecordAsync(ledger, inferred, OrderState.Filled, venueId: "v");
        Assert.Empty(await ledger.InferredAsync(File.Now, None));
    }

    [SkippableFact]
    public async Task AnInferredOrderThatTurnsUp_ReopensItsStop_AlsoAfterRelease()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.RecordSweepAsync(stop.Id, [Inferred(order)], [File.Outcome(order, OutcomeKind.NeverSent, inferred: true)], None);
        Assert.IsType<ReleaseAnswer.Released>(await File.FinishAsync(ledger, stop));
        Assert.Equal(order.Id, Assert.Single(await ledger.InferredAsync(File.Now, None)).Id);
        Assert.Empty(await ledger.InferredAsync(File.Now.AddSeconds(1), None));

        await File.RecordAsync(ledger, order, OrderState.Open, venueId: "v");

        Assert.Equal(StopState.Outstanding, (await ledger.FindStopAsync(stop.Id, None))!.State);
        Assert.Equal(OutcomeKind.Unknown, Assert.Single(await ledger.OutcomesAsync(stop.Id, None)).Outcome);
        Assert.Equal(order.Id, Assert.Single(await ledger.OwedAsync(stop, false, null, None)).Id);
        Assert.Empty(await ledger.InferredAsync(File.Now, None));
        Assert.Equal(0, Assert.Single((await ledger.HistoryAsync(new(null, null), None)).Items).OrdersCancelled);
        Assert.Contains(await ledger.AuditAsync(0, 100, None), e => e.Entry.Action == "stop.reopened");

        await ledger.RecordSweepAsync(stop.Id, [File.Evidence(order, OrderState.Cancelled)], [File.Outcome(order, OutcomeKind.Cancelled)], None);
        Assert.Equal(StopState.Completed, (await File.ProgressAsync(ledger, stop, StopState.Completed)).State);
    }

    [SkippableFact]
    public async Task Unprotected_ArePositionsWhoseLastProtectiveOrderTheStopCancelled()
    {
        var ledger = await File.OpenAsync();
        var guards = new List<Order>();
        foreach (var (symbol, held) in new[] { ("BTC-USD", 1m), ("ETH-USD", 0m), ("SOL-USD", 1m) })
        {
            var entry = await LedgerFile.AdmitAsync(ledger, File.Order(symbol: symbol));
            await File.RecordAsync(ledger, entry, OrderState.Cancelled, held);
            guards.Add(await LedgerFile.AdmitAsync(ledger, File.Order(symbol: symbol, isProtective: true)));
        }

        await LedgerFile.AdmitAsync(ledger, File.Order(symbol: "SOL-USD", isProtective: true)); // Guards on.
        var stop = await File.EngageAsync(ledger, "USER:alice");
        Assert.Empty(await ledger.UnprotectedAsync(stop.Id, None));
        await ledger.RecordSweepAsync(
            stop.Id, [.. guards.Select(g => File.Evidence(g, OrderState.Cancelled))], [.. guards.Select(g => File.Outcome(g, OutcomeKind.Cancelled))], None);

        Assert.Equal("acc-alice/BTC-USD", Assert.Single(await ledger.UnprotectedAsync(stop.Id, None)));
    }

    [SkippableFact] // law 2
    public async Task AnInferredOrderThatTurnsUpBehindALaterStopsGate_IsOwedByIt()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        await ledger.RecordAsync([Inferred(order)], None);
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        Assert.Equal(StopState.Completed, (await File.ProgressAsync(ledger, stop, StopState.Completed)).State);

        await File.RecordAsync(ledger, order, OrderState.Open, venueId: "v");

        Assert.Equal(StopState.Outstanding, (await ledger.FindStopAsync(stop.Id, None))!.State);
        Assert.Equal(OutcomeKind.Unknown, Assert.Single(await ledger.OutcomesAsync(stop.Id, None)).Outcome);
        Assert.Equal(order.Id, Assert.Single(await ledger.OwedAsync(stop, false, null, None)).Id);
    }

    private OrderEvidence Inferred(Order order) => File.Evidence(order, OrderState.NeverSent) with { Reason = OrderEvidence.Inferred + "nobody knows it" };
}
