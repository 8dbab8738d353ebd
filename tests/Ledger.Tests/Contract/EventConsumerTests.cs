using EmergencyStop.Events;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class EventConsumerTests(LedgerKind kind) : LedgerTest(kind)
{
    private const string Here = "here";
    private const string There = "there";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task AConsumer_BeginsAfterTheLastEvent_AndIsOneProcesssUntilItsTimeIsOver()
    {
        var ledger = await File.OpenAsync();
        await AppendAsync(ledger, 3);

        Assert.Equal(3, await HoldAsync(ledger, Here));
        Assert.Null(await HoldAsync(ledger, There));
        Assert.True(await ledger.AdvanceConsumerAsync(new("mail", Here, 5, []), None));
        File.Time.Advance(Lease);
        Assert.Equal(5, await HoldAsync(ledger, There));
        Assert.False(await ledger.AdvanceConsumerAsync(new("mail", Here, 7, [ASetAside()]), None));

        Assert.Equal(5, Assert.Single(await ledger.ConsumersAsync(None)).Position);
        Assert.Empty((await ledger.EventsSetAsideAsync(new(), None)).Items);
    }

    [SkippableFact]
    public async Task Pruning_StaysBehindAConsumer_UnlessNobodyHeldItSince_OrTooManyAreKept()
    {
        var ledger = await File.OpenAsync();
        await AppendAsync(ledger, 1);
        await HoldAsync(ledger, Here);
        await AppendAsync(ledger, 9);
        File.Time.Advance(TimeSpan.FromHours(1));
        await HoldAsync(ledger, Here);

        await ledger.PruneEventsAsync(File.Now - TimeSpan.FromMinutes(1), 1_000, None);
        Assert.Equal(2, (await ledger.EventsAsync(new(0), None)).Oldest);
        await ledger.PruneEventsAsync(File.Now - TimeSpan.FromMinutes(1), 6, None);
        Assert.Equal(5, (await ledger.EventsAsync(new(0), None)).Oldest);
        File.Time.Advance(TimeSpan.FromHours(1));
        await ledger.PruneEventsAsync(File.Now - TimeSpan.FromMinutes(1), 1_000, None);
        Assert.Equal(10, (await ledger.EventsAsync(new(0), None)).Oldest);
    }

    [SkippableFact]
    public async Task WhatIsSetAside_StandsWithThePosition_AndIsSettledByName()
    {
        var ledger = await File.OpenAsync();
        await HoldAsync(ledger, Here);
        Assert.True(await ledger.AdvanceConsumerAsync(new("mail", Here, 1, [ASetAside(), ASetAside()]), None));
        Assert.Equal(2, await ledger.CountSetAsideAsync(None));
        var one = (await ledger.EventsSetAsideAsync(new(Limit: 1), None)).Items[0];

        Assert.Null(await ledger.SettleSetAsideAsync(new(one.Number, SetAsideState.Handled, File.Now, null, "not asked for"), None));
        var retried = await ledger.SettleSetAsideAsync(new(one.Number, SetAsideState.Retrying, File.Now, "officer", "mail is back"), None);
        var again = await ledger.SettleSetAsideAsync(new(one.Number, SetAsideState.Waiting, File.Now, null, "it threw again", 3), None);
        var dismissed = await ledger.SettleSetAsideAsync(new(one.Number, SetAsideState.Dismissed, File.Now, "officer", "told by hand"), None);

        Assert.Equal((SetAsideState.Retrying, "officer"), (retried!.State, retried.SettledBy));
        Assert.Equal((SetAsideState.Waiting, 6, "it threw again"), (again!.State, again.Attempts, again.Why));
        Assert.Equal(SetAsideState.Dismissed, dismissed!.State);
        Assert.Null(await ledger.SettleSetAsideAsync(new(one.Number, SetAsideState.Retrying, File.Now, "officer", "no"), None));
        Assert.Equal(1, await ledger.CountSetAsideAsync(None));
        Assert.Equal(["event.retried", "event.dismissed"], (await ledger.AuditAsync(0, 10, None)).Select(e => e.Entry.Action));
        Assert.Equal(dismissed, (await ledger.EventsSetAsideAsync(new(State: SetAsideState.Dismissed), None)).Items.Single());
    }

    private Task<long?> HoldAsync(StoredLedger ledger, string holder) => ledger.HoldConsumerAsync("mail", holder, File.Now, File.Now + Lease, None);

    private async Task AppendAsync(StoredLedger ledger, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await ledger.AppendEventAsync(new("risk.tested", "r1", File.Now, EventAudience.Desk, "{}"), None);
        }
    }

    private EventSetAside ASetAside() =>
        new(0, "mail", BusEvent.OwnSource, "1", EventTypes.StopEngaged, "t1", File.Now, "{}", 3, "it threw", File.Now);
}
