using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Xunit;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class WaiverTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableFact]
    public async Task Waive_OfTheLastDebt_CompletesTheStop_AndOthersStillOweIt()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var first = await File.EngageAsync(ledger, "USER:alice");
        var second = await File.EngageAsync(ledger, "SYSTEM");
        await File.ProgressAsync(ledger, first, StopState.Outstanding);

        var waived = Assert.IsType<WaiveAnswer.Waived>(await WaiveAsync(ledger, first, ObligationKind.Order, order.Id.Value));

        Assert.Equal(StopState.Completed, waived.Stop.State);
        Assert.Equal(OutcomeKind.Waived, waived.Item.Outcome);
        Assert.Contains("officer", waived.Item.Reason, StringComparison.Ordinal);
        Assert.Empty(await ledger.OwedAsync(first, false, null, None));
        Assert.Single(await ledger.OwedAsync(second, false, null, None));
        Assert.Contains((await ledger.AuditAsync(0, 100, None)).Select(a => a.Entry.Action), a => a == "obligation.waived");
        Assert.IsType<WaiveAnswer.AlreadyMet>(await WaiveAsync(ledger, first, ObligationKind.Order, order.Id.Value));
        Assert.IsType<ReleaseAnswer.Released>(await File.ReleaseAsync(ledger, waived.Stop));
    }

    [SkippableFact]
    public async Task Waived_IsOnlyEverReplacedByEvidence()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "USER:alice");
        await WaiveAsync(ledger, stop, ObligationKind.Order, order.Id.Value);
        foreach (var (next, stands) in new[] { (OutcomeKind.Unknown, OutcomeKind.Waived), (OutcomeKind.Failed, OutcomeKind.Waived), (OutcomeKind.Filled, OutcomeKind.Filled) })
        {
            await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(order, next)], None);
            Assert.Equal(stands, Assert.Single(await ledger.OutcomesAsync(stop.Id, None)).Outcome);
        }

        Assert.IsType<WaiveAnswer.AlreadyMet>(await WaiveAsync(ledger, stop, ObligationKind.Order, order.Id.Value));
    }

    [SkippableFact]
    public async Task Waived_ThenInferredNeverSent_ThenShownByTheVenue_IsANewDebt()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var stop = await File.EngageAsync(ledger, "USER:alice");
        await File.ProgressAsync(ledger, stop, StopState.Outstanding);
        await WaiveAsync(ledger, stop, ObligationKind.Order, order.Id.Value);
        await File.RecordAsync(ledger, order, OrderState.NeverSent);
        await File.RecordAsync(ledger, order, OrderState.Open, venueId: "v1");

        Assert.Equal(OutcomeKind.Unknown, Assert.Single(await ledger.OutcomesAsync(stop.Id, None)).Outcome);
        Assert.Equal(StopState.Outstanding, (await ledger.FindStopAsync(stop.Id, None))!.State);
        Assert.Contains((await ledger.AuditAsync(0, 100, None)).Select(a => a.Entry.Action), a => a == "stop.reopened");
        Assert.Single(await ledger.OwedAsync(stop, false, null, None));
    }

    [SkippableFact]
    public async Task Waive_OfWhatIsNotOwed_IsRefused()
    {
        var ledger = await File.OpenAsync();
        var ended = await File.RecordAsync(ledger, await LedgerFile.AdmitAsync(ledger, File.Order()), OrderState.Cancelled);
        var others = await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        var stop = await File.EngageAsync(ledger, "USER:alice");

        Assert.IsType<WaiveAnswer.NoSuchDebt>(await WaiveAsync(ledger, stop, ObligationKind.Order, "no such order"));
        Assert.IsType<WaiveAnswer.NoSuchDebt>(await WaiveAsync(ledger, stop, ObligationKind.Order, ended.Id.Value));
        Assert.IsType<WaiveAnswer.NoSuchDebt>(await WaiveAsync(ledger, stop, ObligationKind.Order, others.Id.Value));
        Assert.IsType<WaiveAnswer.NoSuchDebt>(await WaiveAsync(ledger, stop, ObligationKind.Position, "alice/AAPL"));
        Assert.IsType<WaiveAnswer.NotFound>(await WaiveAsync(ledger, stop with { Id = StopId.Parse("none") }, ObligationKind.Order, "o"));
    }

    [SkippableFact]
    public async Task Obligations_NameEveryDebt_WithItsAge_InPages()
    {
        var ledger = await File.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await LedgerFile.AdmitAsync(ledger, File.Order(i % 2 == 0 ? "alice" : "bob"));
        }

        var system = await File.EngageAsync(ledger, "SYSTEM");
        var alice = await File.EngageAsync(ledger, "USER:alice");
        await ledger.RecordOutcomesAsync(system.Id, [File.Outcome(ObligationKind.Verification, "acc-bob", OutcomeKind.Unknown)], None);
        File.Time.Advance(TimeSpan.FromMinutes(1));
        await ledger.RecordOutcomesAsync(system.Id, [File.Outcome(ObligationKind.Verification, "acc-bob", OutcomeKind.Unknown) with { Attempts = 2 }], None);

        var found = new List<Obligation>();
        string? cursor = null;
        do
        {
            var page = await ledger.ObligationsAsync(new(null, null, cursor, 2), null, File.Now, None);
            Assert.InRange(page.Items.Length, 1, 2);
            found.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(9, found.Count);
        Assert.Equal(9, found.Select(o => (o.Stop, o.Item.Kind, o.Item.Item)).Distinct().Count());
        var read = Assert.Single(found, o => o.Item.Kind == ObligationKind.Verification);
        Assert.Equal((2, TimeSpan.FromMinutes(1)), (read.Item.Attempts, File.Now - read.Since));
        var own = await ledger.ObligationsAsync(new(system.Id, UserId.Parse("bob"), null), AccountId.Parse("acc-bob"), File.Now, None);
        Assert.Equal(3, own.Items.Length);
        Assert.Equal(3, (await ledger.ObligationsAsync(new(alice.Id, null, null), null, File.Now, None)).Items.Length);
    }

    private Task<WaiveAnswer> WaiveAsync(StoredLedger ledger, Stop stop, ObligationKind kind, string item) =>
        ledger.WaiveAsync(new(stop.Id, kind, item, LedgerFile.Officer, "the venue is gone for good", File.Now), None);
}
