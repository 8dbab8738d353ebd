using System.Collections.Immutable;
using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class EventTests(LedgerKind kind) : LedgerTest(kind)
{
    private static EventAudience Alice { get; } = EventAudience.Of(UserId.Parse("alice"));

    [SkippableFact]
    public async Task AStop_IsTold_FromItsGateToItsRelease_InOrder()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "USER:alice");
        await ledger.PauseAsync(stop, [StrategyId.Parse("s1")], File.Now, None);
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(order, OutcomeKind.Unknown)], None);
        await File.ProgressAsync(ledger, stop, StopState.Outstanding);
        await ledger.RecordSweepAsync(stop.Id, [File.Evidence(order, OrderState.Cancelled)], [File.Outcome(order, OutcomeKind.Cancelled)], None);
        await File.FinishAsync(ledger, stop, resume: true);

        var events = await ReadAsync(ledger, new(0));

        Assert.Equal(
            [
                EventTypes.StopEngaged, EventTypes.GateClosed, EventTypes.StrategyPaused, EventTypes.StopOutcomesRecorded,
                EventTypes.ObligationUnmet, EventTypes.StopOutcomesRecorded, EventTypes.StopProgressed,
                EventTypes.ObligationMet, EventTypes.StopOutcomesRecorded, EventTypes.StopProgressed,
                EventTypes.StopReleased, EventTypes.GateOpened, EventTypes.StrategyResumed,
            ],
            events.Select(e => e.Event.Type));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Id));
        Assert.All(events, e => Assert.Equal(Alice, e.Event.Audience));
        Assert.Equal(["USER:alice", "USER:alice"], events.Where(e => e.Event.Type.StartsWith("gate.", StringComparison.Ordinal)).Select(e => e.Event.Subject));
        Assert.Contains("\"was\":\"unknown\"", events[7].Event.Data, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AGate_IsToldClosedByItsFirstLatch_AndOpenedByItsLastRelease()
    {
        var ledger = await File.OpenAsync();
        var first = await File.EngageAsync(ledger, "SYMBOL:BTC-USD");
        var second = await File.EngageAsync(ledger, "SYMBOL:BTC-USD");
        await File.FinishAsync(ledger, first);
        await File.FinishAsync(ledger, second);

        var gate = await ReadAsync(ledger, new(0, Subject: "SYMBOL:BTC-USD"));

        Assert.Equal([EventTypes.GateClosed, EventTypes.GateOpened], gate.Select(e => e.Event.Type));
        Assert.All(gate, e => Assert.Equal(EventAudience.Everybody, e.Event.Audience));
        Assert.Contains(first.Id.Value, gate[0].Event.Data, StringComparison.Ordinal);
        Assert.Contains(second.Id.Value, gate[1].Event.Data, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ANarrowing_OpensTheWideGate_AndClosesThoseOfTheDebtors()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(order, OutcomeKind.Unknown)], None);
        await File.ProgressAsync(ledger, stop, StopState.Outstanding);
        var before = (await ledger.EventsAsync(new(0), None)).Last;

        Assert.IsType<ReleaseAnswer.Narrowed>(await ledger.NarrowAsync(new(stop.Id, LedgerFile.Officer, "the rest", false, File.Now) { DespiteOutstanding = true }, ImmutableDictionary<AccountId, UserId>.Empty, None));

        Assert.Equal(
            [("stop.narrowed", stop.Id.Value), ("gate.opened", "SYSTEM"), ("gate.closed", "USER:alice")],
            (await ReadAsync(ledger, new(before))).Select(e => (e.Event.Type, e.Event.Subject)));
    }

    /// <summary>A trader hears of the own book, of the account behind it and of the gates that everybody stands before.</summary>
    [SkippableFact]
    public async Task ATrader_HearsOfTheOwnBookOnly()
    {
        var ledger = await File.OpenAsync();
        var alices = await LedgerFile.AdmitAsync(ledger, File.Order());
        var bobs = await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.RecordOutcomesAsync(
            stop.Id,
            [
                File.Outcome(alices, OutcomeKind.Unknown), File.Outcome(bobs, OutcomeKind.Unknown),
                File.Outcome(ObligationKind.Position, "acc-alice/BTC-USD", OutcomeKind.Failed), File.Outcome(ObligationKind.MassCancel, "acc-bob", OutcomeKind.Unknown),
            ],
            None);

        var heard = await ReadAsync(ledger, new(0, UserId.Parse("alice"), AccountId.Parse("acc-alice")));

        Assert.Equal([EventTypes.GateClosed, EventTypes.ObligationUnmet, EventTypes.ObligationUnmet], heard.Select(e => e.Event.Type));
        Assert.Equal([Alice, EventAudience.Of(AccountId.Parse("acc-alice"))], heard.Skip(1).Select(e => e.Event.Audience));
        Assert.Equal(6, (await ReadAsync(ledger, new(0))).Count(e => e.Event.Type != EventTypes.StopOutcomesRecorded)); // Of these one a slice, and a busy machine cuts more slices.
    }

    [SkippableFact]
    public async Task WorkThatWasUndone_TellsNothing()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "USER:alice");
        var last = (await ledger.EventsAsync(new(0), None)).Last;

        // The outcome is written, and its event with it; the second item's update then breaks the whole slice.
        await Assert.ThrowsAnyAsync<Exception>(() => ledger.RecordSweepAsync(
            StopId.Parse("nobody"), [File.Evidence(order, OrderState.Cancelled)], [File.Outcome(order, OutcomeKind.Cancelled)], None));
        Assert.False(ledger.EventsAfterAsync(last, None).IsCompleted);
        await File.ProgressAsync(ledger, stop, StopState.Outstanding);

        Assert.Equal([EventTypes.StopProgressed], (await ReadAsync(ledger, new(last))).Select(e => e.Event.Type));
    }

    /// <summary>Every entry of the audit that is about a stop or a strategy's pause has its event, whatever commit it stands in.</summary>
    [SkippableFact]
    public async Task NoCommit_IsWithoutItsEvent()
    {
        string[] told = ["stop.engaged", "stop.released", "stop.narrowed", "stop.excepted", "stop.put_back", "stop.escalated", "stop.progressed", "strategy.paused", "strategy.resumed"];
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "SYSTEM", new(CancelOrders: true));
        await ledger.PauseAsync(stop, [StrategyId.Parse("s1")], File.Now, None);
        await File.ProgressAsync(ledger, stop, StopState.Outstanding);
        var except = new ExceptRequest(stop.Id, StopTarget.Parse("USER:bob"), LedgerFile.Officer, "bob may", File.Now);
        Assert.IsType<ExceptAnswer.Done>(await ledger.ExceptAsync(except, ImmutableDictionary<AccountId, UserId>.Empty, None));
        Assert.IsType<ExceptAnswer.Done>(await ledger.PutBackAsync(except, None));
        Assert.IsType<EscalateAnswer.Escalated>(await ledger.EscalateAsync(new(stop.Id, LedgerFile.Officer, "flat", File.Now), None));

        var audited = (await ledger.AuditAsync(0, 500, None)).Select(e => (e.Entry.Action, e.Entry.Subject)).Where(e => told.Contains(e.Action)).ToArray();
        var events = (await ReadAsync(ledger, new(0))).Select(e => (e.Event.Type, e.Event.Subject)).Where(e => told.Contains(e.Type)).ToArray();

        Assert.Equal(audited, events);
        Assert.Equal(6, audited.Length);
    }

    [SkippableFact]
    public async Task Events_GoOnAfterAReopening_AndNoIdComesTwiceAfterPruning()
    {
        var ledger = await File.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await ledger.AppendEventAsync(AnEvent(), None);
        }

        Assert.False(await ledger.PruneEventsAsync(File.Now - TimeSpan.FromDays(1), 3, None));
        Assert.Equal(3, (await ledger.EventsAsync(new(0), None)).Oldest);
        await ledger.PruneEventsAsync(File.Now + TimeSpan.FromDays(1), 1, None);
        await ledger.DisposeAsync();

        ledger = await File.OpenAsync();
        Assert.Equal(6, await ledger.AppendEventAsync(AnEvent(), None));
        var page = await ledger.EventsAsync(new(4), None);
        Assert.Equal((5L, 6L), (page.Oldest, page.Last));
        Assert.Equal([5L, 6L], page.Events.Select(e => e.Id));
    }

    [SkippableFact]
    public async Task Waiting_EndsWithTheCommitThatBringsAnEvent_AndNotBefore()
    {
        var ledger = await File.OpenAsync();
        var waiting = ledger.EventsAfterAsync(0, None);
        await LedgerFile.AdmitAsync(ledger, File.Order());
        Assert.False(waiting.IsCompleted);
        await File.EngageAsync(ledger, "USER:alice");
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(ledger.EventsAfterAsync(2, None).IsCompleted);
    }

    private LedgerEvent AnEvent() => new("risk.tested", "r1", File.Now, EventAudience.Desk, "{}");

    private static async Task<List<StoredEvent>> ReadAsync(StoredLedger ledger, EventQuery query)
    {
        var found = new List<StoredEvent>();
        EventPage page;
        do
        {
            page = await ledger.EventsAsync(query, None);
            found.AddRange(page.Events);
            query = query with { After = page.Through };
        }
        while (page.Through < page.Last);
        return found;
    }
}
