using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class EvidenceTests(LedgerKind kind) : LedgerTest(kind)
{
    private static readonly UserId User = UserId.Parse("alice");

    [SkippableFact]
    public async Task Record_WritesTheRow_AndLeavesUnknownIdsOut()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        var nobody = order with { Id = OrderId.Parse("nobody") };

        var rows = await ledger.RecordAsync(
            [File.Evidence(nobody, OrderState.Open), File.Evidence(order, OrderState.Open, venueId: "v1"), File.Evidence(order, OrderState.Cancelled, 0.25m)],
            None);

        Assert.Equal([OrderState.Open, OrderState.Cancelled], rows.Select(r => r.State));
        Assert.Equal(rows[1], await ledger.FindOrderAsync(order.Id, None));
        Assert.Equal((0.25m, "v1", 1), (rows[1].FilledQuantity, rows[1].VenueOrderId, rows[1].EndedAfter));
        Assert.Empty(await ledger.ActiveOrdersAsync(User, None));
    }

    /// <summary>A ledger may read many rows ahead: what one item changes, the next must see.</summary>
    [SkippableFact]
    public async Task Record_ManyThatConcernEachOther_IsAsOneByOne()
    {
        var ledger = await File.OpenAsync();
        var orders = new List<Order>();
        for (var i = 0; i < 6; i++)
        {
            orders.Add(await LedgerFile.AdmitAsync(ledger, File.Order(quantity: 10)));
        }

        var old = await File.RecordAsync(ledger, orders[0], OrderState.Open, venueId: "v-old");
        var successor = await LedgerFile.AdmitAsync(ledger, File.Order(quantity: 10) with { Replaces = old.Id });
        await File.RecordAsync(ledger, orders[1], OrderState.NeverSent);
        var stop = await File.EngageAsync(ledger, "USER:alice");
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(orders[1], OutcomeKind.NeverSent, inferred: true), File.Outcome(orders[2], OutcomeKind.Unknown)], None);

        var rows = await ledger.RecordSweepAsync(
            stop.Id,
            [
                File.Evidence(successor, OrderState.Open, venueId: "v-new"), // Which ends the one in whose place it is.
                File.Evidence(old, OrderState.Cancelled, 3),
                File.Evidence(orders[1], OrderState.Open, venueId: "v-1"), // Which reopens its obligation.
                File.Evidence(orders[2], OrderState.Open, 2), File.Evidence(orders[2], OrderState.Cancelled, 4),
                File.Evidence(orders[3], OrderState.Cancelled), File.Evidence(orders[4], OrderState.Filled, 10),
            ],
            [
                File.Outcome(orders[1], OutcomeKind.NeverSent, inferred: true), // Of an obligation that was reopened a moment ago.
                File.Outcome(orders[2], OutcomeKind.Cancelled), File.Outcome(orders[3], OutcomeKind.Cancelled), File.Outcome(orders[4], OutcomeKind.Filled),
            ],
            None);

        Assert.Equal(
            [OrderState.Open, OrderState.Replaced, OrderState.Open, OrderState.Open, OrderState.Cancelled, OrderState.Cancelled, OrderState.Filled],
            rows.Select(r => r.State));
        foreach (var row in rows.GroupBy(r => r.Id).Select(g => g.Last()))
        {
            Assert.Equal(row, await ledger.FindOrderAsync(row.Id, None));
        }

        Assert.Equal([("s1", 17m)], await PositionsAsync(ledger));
        var told = (await ledger.OutcomesAsync(stop.Id, None)).ToDictionary(o => o.Item, o => o.Outcome);
        Assert.Equal([OutcomeKind.Cancelled, OutcomeKind.Cancelled, OutcomeKind.Filled], orders[2..5].Select(o => told[o.Id.Value]));
        Assert.Equal(3, Assert.Single((await ledger.HistoryAsync(new(null, null), None)).Items).OrdersCancelled); // Once taken back, and once more.
    }

    [SkippableFact]
    public async Task Record_Fills_MakeTheStrategysPosition()
    {
        var ledger = await File.OpenAsync();
        var bought = await LedgerFile.AdmitAsync(ledger, File.Order(quantity: 10));
        var sold = await LedgerFile.AdmitAsync(ledger, File.Order(side: OrderSide.Sell, quantity: 10));
        var other = await LedgerFile.AdmitAsync(ledger, File.Order(strategy: "s2", quantity: 10));

        await File.RecordAsync(ledger, bought, OrderState.Open, 2.5m);
        await File.RecordAsync(ledger, bought, OrderState.Open, 2.5m);
        await File.RecordAsync(ledger, bought, OrderState.Filled, 10m);
        await File.RecordAsync(ledger, sold, OrderState.Cancelled, 4m);
        await File.RecordAsync(ledger, other, OrderState.Open, 1m);

        Assert.Equal([("s1", 6m), ("s2", 1m)], await PositionsAsync(ledger));
        Assert.Equal(6m, Assert.Single(await ledger.PositionsAsync(null, StrategyId.Parse("s1"), null, None)).Quantity);
        Assert.Empty(await ledger.PositionsAsync(UserId.Parse("bob"), null, null, None));

        await File.RecordAsync(ledger, sold, OrderState.Cancelled, 10m);
        Assert.Equal([("s2", 1m)], await PositionsAsync(ledger));
    }

    [SkippableFact]
    public async Task Record_FillsOfAClosingOrder_CloseTheStrategiesPositions()
    {
        var ledger = await File.OpenAsync();
        foreach (var (strategy, quantity) in new[] { ("s1", 3m), ("s2", 5m) })
        {
            var order = await LedgerFile.AdmitAsync(ledger, File.Order(strategy: strategy, quantity: quantity));
            await File.RecordAsync(ledger, order, OrderState.Filled, quantity);
        }

        var stop = await File.EngageAsync(ledger, "USER:alice", StopOptions.Panic);
        var closing = await ledger.InsertClosingAsync(File.Closing("alice", "BTC-USD", OrderSide.Sell, 8), stop.Id, 1, None);
        var row = Assert.IsType<Ledger.Orders.ClosingAnswer.Inserted>(closing).Order;

        await File.RecordAsync(ledger, row, OrderState.Open, 6);
        Assert.Equal([("s1", 2m)], await PositionsAsync(ledger));
        await File.RecordAsync(ledger, row, OrderState.Filled, 8);
        Assert.Empty(await PositionsAsync(ledger));
    }

    [SkippableFact]
    public async Task Sweep_OfManyOrders_IsCut_AndAnswersInTheOrderGiven()
    {
        var ledger = await File.OpenAsync();
        var orders = await Task.WhenAll(Enumerable.Range(0, 3_000).Select(i => LedgerFile.AdmitAsync(ledger, File.Order($"u{i % 50}"))));
        var stop = await File.EngageAsync(ledger, "SYSTEM");

        var rows = await ledger.RecordSweepAsync(
            stop.Id,
            [.. orders.Select(o => File.Evidence(o, OrderState.Cancelled))],
            [.. orders.Reverse().Select(o => File.Outcome(o, OutcomeKind.Cancelled)), File.Outcome(ObligationKind.Verification, "acc", OutcomeKind.Ended)],
            None);

        Assert.Equal(orders.Select(o => o.Id), rows.Select(r => r.Id));
        Assert.All(rows, r => Assert.Equal(OrderState.Cancelled, r.State));
        Assert.Equal(3_001, (await ledger.OutcomesAsync(stop.Id, None)).Length);
        Assert.Empty(await ledger.OwedAsync(stop, false, null, None));
        Assert.Empty(await ledger.EndedMeanwhileAsync(stop, None));
        Assert.Equal(3_000, Assert.Single((await ledger.HistoryAsync(new(null, null), None)).Items).OrdersCancelled);
    }

    [SkippableFact]
    public async Task Sweep_OfAnUnknownStop_FailsAlone()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());

        var failing = ledger.RecordSweepAsync(
            StopId.Parse("none"), [File.Evidence(order, OrderState.Cancelled)], [File.Outcome(order, OutcomeKind.Cancelled)], None);
        var passing = ledger.AdmitAsync(File.Order(), None);

        await Assert.ThrowsAsync<ArgumentException>(() => failing);
        await passing;
        Assert.Equal(OrderState.InFlight, (await ledger.FindOrderAsync(order.Id, None))!.State);
        Assert.Equal(2, (await ledger.ActiveOrdersAsync(User, None)).Length);
    }

    [SkippableFact]
    public async Task Sweep_ThatFails_LeavesNoTraceInMemoryOfWhatItWouldHaveReopened()
    {
        var ledger = await File.OpenAsync();
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        await File.RecordAsync(ledger, order, OrderState.NeverSent);

        await Assert.ThrowsAsync<ArgumentException>(() => ledger.RecordSweepAsync(
            StopId.Parse("none"), [File.Evidence(order, OrderState.Open)], [File.Outcome(order, OutcomeKind.Failed)], None));

        Assert.Equal(OrderState.NeverSent, (await ledger.FindOrderAsync(order.Id, None))!.State);
        Assert.Null(ledger.Recall(order.Id));
        Assert.Empty(ledger.RememberedUsers(null));
    }

    private static async Task<IEnumerable<(string?, decimal)>> PositionsAsync(StoredLedger ledger) =>
        (await ledger.PositionsAsync(User, null, null, None)).Select(p => (p.Strategy?.Value, p.Quantity));
}
