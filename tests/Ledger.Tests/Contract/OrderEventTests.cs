using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class OrderEventTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableFact]
    public async Task Events_TellEachChangeOnce_InOrder()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order(quantity: 10));
        await File.RecordAsync(ledger, order, OrderState.Open, venueId: "v1");
        await File.RecordAsync(ledger, order, OrderState.Open, venueId: "v1");
        await File.RecordAsync(ledger, order, OrderState.Open, 4);
        await File.RecordAsync(ledger, order, OrderState.Filled, 10);
        var lost = await LedgerFile.AdmitAsync(ledger, File.Order());
        await File.RecordAsync(ledger, lost, OrderState.Unknown);
        await File.RecordAsync(ledger, lost, OrderState.NeverSent);

        var page = await ledger.OrderEventsAsync(new(0), None);

        Assert.Equal(
            [
                OrderEventKind.Admitted, OrderEventKind.Open, OrderEventKind.PartialFill, OrderEventKind.Filled,
                OrderEventKind.Admitted, OrderEventKind.Unknown, OrderEventKind.NeverSent,
            ],
            page.Events.Select(e => e.Kind));
        Assert.Equal(Enumerable.Range(1, 7).Select(i => (long)i), page.Events.Select(e => e.Id));
        Assert.Equal((1L, 7L, 7L), (page.Oldest, page.Last, page.Through));
        Assert.Equal(order, page.Events[0].Order);
        Assert.Equal((OrderState.Open, 4m, "v1"), (page.Events[2].Order.State, page.Events[2].Order.FilledQuantity, page.Events[2].Order.VenueOrderId));
        Assert.Equal(await ledger.FindOrderAsync(lost.Id, None), page.Events[6].Order);
    }

    [SkippableFact]
    public async Task AnEndThatBringsALastFill_IsToldAsTheEnd()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order(quantity: 10));
        await File.RecordAsync(ledger, order, OrderState.Open);
        await File.RecordAsync(ledger, order, OrderState.Cancelled, 4);

        var last = (await ledger.OrderEventsAsync(new(0), None)).Events[^1];

        Assert.Equal((OrderEventKind.Cancelled, 4m), (last.Kind, last.Order.FilledQuantity));
    }

    /// <summary>From every id there is, over commits of one and of many changes: exactly what follows, whether or not it begins inside of a commit.</summary>
    [SkippableFact]
    public async Task Events_AfterAnyId_AreExactlyThoseThatFollow()
    {
        var ledger = await File.OpenAsync();
        for (var round = 0; round < 6; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => LedgerFile.AdmitAsync(ledger, File.Order(user: $"u{i % 3}"))));
        }

        var all = await ReadAsync(ledger, new(0));
        Assert.Equal(Enumerable.Range(1, 240).Select(i => (long)i), all.Select(e => e.Id));
        for (var after = 0; after <= 240; after++)
        {
            Assert.Equal(all.Skip(after), await ReadAsync(ledger, new(after)));
        }

        var ofOne = await ReadAsync(ledger, new(17, User: UserId.Parse("u1")));
        Assert.Equal(all.Where(e => e.Id > 17 && e.Order.Terms.User.Value == "u1"), ofOne);
        Assert.Empty(await ReadAsync(ledger, new(0, Symbol: Symbol.Parse("MSFT"))));
        Assert.Equal(240, (await ReadAsync(ledger, new(0, Strategy: StrategyId.Parse("s1")))).Count);
    }

    [SkippableFact]
    public async Task Events_OfWorkThatWasUndone_AreNotTold()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var outcome = new ItemOutcome(ObligationKind.Order, order.Id.Value, OutcomeKind.Cancelled, File.Now, TimeSpan.Zero);

        await Assert.ThrowsAnyAsync<Exception>(() => ledger.RecordSweepAsync(
            StopId.Parse("nobody"), [File.Evidence(order, OrderState.Cancelled)], [outcome], None));
        await LedgerFile.AdmitAsync(ledger, File.Order());

        Assert.Equal([OrderEventKind.Admitted, OrderEventKind.Admitted], (await ReadAsync(ledger, new(0))).Select(e => e.Kind));
    }

    [SkippableFact]
    public async Task Events_GoOnAfterAReopening_AndNoIdComesTwiceAfterPruning()
    {
        var ledger = await File.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await LedgerFile.AdmitAsync(ledger, File.Order());
        }

        Assert.False(await ledger.PruneOrderEventsAsync(File.Now - TimeSpan.FromDays(1), 3, None));
        Assert.Equal(3, (await ledger.OrderEventsAsync(new(4), None)).Oldest);
        await ledger.PruneOrderEventsAsync(File.Now + TimeSpan.FromDays(1), 1, None);
        await ledger.DisposeAsync();

        ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order());
        var page = await ledger.OrderEventsAsync(new(4), None);
        Assert.Equal((5L, 6L), (page.Oldest, page.Last));
        Assert.Equal([5L, 6L], page.Events.Select(e => e.Id));
    }

    [SkippableFact]
    public async Task Waiting_EndsWithTheCommitThatBringsAChange_AndNotBefore()
    {
        var ledger = await File.OpenAsync();
        var waiting = ledger.OrderEventsAfterAsync(0, None);
        Assert.False(waiting.IsCompleted);
        await LedgerFile.AdmitAsync(ledger, File.Order());
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(ledger.OrderEventsAfterAsync(0, None).IsCompleted);
        Assert.False(ledger.OrderEventsAfterAsync(1, None).IsCompleted);
    }

    private static async Task<List<OrderEvent>> ReadAsync(StoredLedger ledger, OrderEventQuery query)
    {
        var found = new List<OrderEvent>();
        OrderEventPage page;
        do
        {
            page = await ledger.OrderEventsAsync(query, None);
            found.AddRange(page.Events);
            query = query with { After = page.Through };
        }
        while (page.Through < page.Last);
        return found;
    }
}
