using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class ScopeTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableTheory]
    [InlineData("SYSTEM")]
    [InlineData("USER:u1")]
    [InlineData("STRATEGY:s1")]
    [InlineData("SYMBOL:BTC-USD")]
    [InlineData("USER:u1/SYMBOL:BTC-USD")]
    public async Task Owed_IsEveryActiveOrderInScopeBeforeTheStop(string target)
    {
        var ledger = await File.OpenAsync();
        var orders = new List<Order>();
        var random = new Random(7);
        foreach (var i in Enumerable.Range(0, 300))
        {
            var order = await LedgerFile.AdmitAsync(
                ledger, File.Order($"u{random.Next(4)}", $"s{random.Next(3)}", random.Next(2) == 0 ? "BTC-USD" : "ETH-USD"));
            var state = (OrderState)random.Next(8);
            orders.Add(state == OrderState.InFlight ? order : await File.RecordAsync(ledger, order, state));
        }

        var stop = await File.EngageAsync(ledger, target, new(PauseStrategies: false, CancelOnly: true));
        await LedgerFile.AdmitAsync(ledger, File.Order("u1", "s1"));
        var expected = orders.Where(o => o.State.IsActive() && stop.Covers(o.Terms)).Select(o => o.Id.Value).Order().ToList();

        Assert.NotEmpty(expected);
        Assert.Equal(expected, Ids(await ledger.OwedAsync(stop, false, null, None)));
        var slices = new List<string>();
        for (var partition = 0; partition < Partitions.Count; partition++)
        {
            slices.AddRange(Ids(await ledger.OwedAsync(stop, false, partition, None)));
        }

        Assert.Equal(expected, slices.Order());
        await using var other = await File.OpenAsync();
        Assert.Equal(expected, Ids(await other.OwedAsync(stop, false, null, None)));
    }

    [SkippableFact]
    public async Task Owed_LeavesClosingOrdersOut_AndProtectiveOnesWhileTheyAreKept()
    {
        var ledger = await File.OpenAsync();
        var plain = await LedgerFile.AdmitAsync(ledger, File.Order());
        var guard = await LedgerFile.AdmitAsync(ledger, File.Order(isProtective: true));
        var first = await File.EngageAsync(ledger, "USER:alice", new(ClosePositions: true));
        await ledger.InsertClosingAsync(File.Closing("alice", "BTC-USD", OrderSide.Sell, 1), first.Id, 1, None);
        var stop = await File.EngageAsync(ledger, "USER:alice", new(ClosePositions: true, KeepProtective: true));

        Assert.Equal([plain.Id.Value], Ids(await ledger.OwedAsync(stop, false, null, None)));
        Assert.Equal(new[] { plain.Id.Value, guard.Id.Value }.Order(), Ids(await ledger.OwedAsync(stop, true, null, None)));
        Assert.Equal(2, (await ledger.OwedAsync(first, false, null, None)).Length);

        await File.RecordAsync(ledger, plain, OrderState.Cancelled);
        Assert.Equal(StopState.Completed, (await File.ProgressAsync(ledger, stop, StopState.Completed)).State);
        Assert.Equal(StopState.Outstanding, (await File.ProgressAsync(ledger, first, StopState.Completed)).State);
    }

    [SkippableFact]
    public async Task EndedMeanwhile_AreThoseAliveAtTheStop_WithoutAMetOutcome()
    {
        var ledger = await File.OpenAsync();
        var before = await LedgerFile.AdmitAsync(ledger, File.Order());
        var during = await LedgerFile.AdmitAsync(ledger, File.Order());
        var swept = await LedgerFile.AdmitAsync(ledger, File.Order());
        var unmet = await LedgerFile.AdmitAsync(ledger, File.Order());
        var bob = await LedgerFile.AdmitAsync(ledger, File.Order("bob"));
        await File.RecordAsync(ledger, before, OrderState.Filled, 1);
        var stop = await File.EngageAsync(ledger, "USER:alice");
        await File.RecordAsync(ledger, during, OrderState.Filled, 1);
        await File.RecordAsync(ledger, bob, OrderState.Filled, 1);
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(unmet, OutcomeKind.Unknown)], None);
        await File.RecordAsync(ledger, unmet, OrderState.Cancelled);
        await ledger.RecordSweepAsync(stop.Id, [File.Evidence(swept, OrderState.Cancelled)], [File.Outcome(swept, OutcomeKind.Cancelled)], None);

        Assert.Equal(new[] { during.Id.Value, unmet.Id.Value }.Order(), Ids(await ledger.EndedMeanwhileAsync(stop, None)));
    }

    [SkippableFact]
    public async Task HoldingStops_OverAUser_AreThoseOnTheUser_AndOnNobodyInParticular()
    {
        var ledger = await File.OpenAsync();
        var stops = new List<Stop>();
        foreach (var target in new[] { "USER:alice", "USER:alic", "USER:alice2/SYMBOL:BTC-USD", "SYSTEM", "USER:alice/SYMBOL:BTC-USD", "STRATEGY:s1", "SYMBOL:BTC-USD" })
        {
            stops.Add(await File.EngageAsync(ledger, target));
        }

        await File.EngageAsync(ledger, "USER:alice", new(PauseStrategies: false, CancelOnly: true));
        await File.ProgressAsync(ledger, stops[3], StopState.Completed);
        await File.ReleaseAsync(ledger, stops[3]);
        stops.RemoveAt(3);

        Assert.Equal(stops.Select(s => s.Id), (await ledger.HoldingStopsAsync(null, None)).Select(s => s.Id));
        Assert.Equal(
            ["USER:alice", "USER:alice/SYMBOL:BTC-USD", "STRATEGY:s1", "SYMBOL:BTC-USD"],
            (await ledger.HoldingStopsAsync(UserId.Parse("alice"), None)).Select(s => s.Target.Value));
        var first = (await ledger.HoldingStopsAsync(UserId.Parse("alice"), None))[0];
        Assert.Equal(await ledger.FindStopAsync(stops[0].Id, None), first, SameStop.Instance);
    }

    [SkippableFact]
    public async Task UnmetOrders_AreThoseOfOneStopsUnmetOutcomes_EndedOrNot()
    {
        var ledger = await File.OpenAsync();
        var orders = new List<Order>();
        for (var i = 0; i < 4; i++)
        {
            orders.Add(await LedgerFile.AdmitAsync(ledger, File.Order()));
        }

        var (stop, other) = (await File.EngageAsync(ledger, "USER:alice"), await File.EngageAsync(ledger, "SYSTEM"));
        await ledger.RecordOutcomesAsync(
            stop.Id,
            [
                File.Outcome(orders[2], OutcomeKind.Unknown), File.Outcome(orders[0], OutcomeKind.Failed), File.Outcome(orders[1], OutcomeKind.Cancelled),
                File.Outcome(ObligationKind.Verification, "acc-alice", OutcomeKind.Unknown),
            ],
            None);
        await ledger.RecordOutcomesAsync(other.Id, [File.Outcome(orders[3], OutcomeKind.Unknown)], None);
        await File.RecordAsync(ledger, orders[2], OrderState.Rejected);

        Assert.Equal(
            [(orders[0].Id, OrderState.InFlight), (orders[2].Id, OrderState.Rejected)],
            (await ledger.UnmetOrdersAsync(stop.Id, None)).Select(o => (o.Id, o.State)));
    }

    [SkippableFact]
    public async Task UsersWithActiveOrders_ArePaged()
    {
        var ledger = await File.OpenAsync();
        foreach (var i in Enumerable.Range(0, 10))
        {
            var order = await LedgerFile.AdmitAsync(ledger, File.Order($"u{i}"));
            await LedgerFile.AdmitAsync(ledger, File.Order($"u{i}"));
            if (i == 5)
            {
                await File.RecordAsync(ledger, order, OrderState.Cancelled);
            }
        }

        var first = await ledger.UsersWithActiveOrdersAsync(null, 6, None);
        var rest = await ledger.UsersWithActiveOrdersAsync(first[^1], 6, None);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"u{i}"), first.Concat(rest).Select(u => u.Value));
    }

    [SkippableFact]
    public async Task ActiveOrders_OfOneUser_AreFoundAfterEveryTurn()
    {
        var ledger = await File.OpenAsync();
        var alice = UserId.Parse("alice");
        var order = await LedgerFile.AdmitAsync(ledger, File.Order());
        Assert.Single(await ledger.ActiveOrdersAsync(alice, None));
        await File.RecordAsync(ledger, order, OrderState.NeverSent);
        Assert.Empty(await ledger.ActiveOrdersAsync(alice, None));
        await ledger.RecordAsync([File.Evidence(order, OrderState.Open, venueId: "v"), File.Evidence(order, OrderState.Cancelled)], None);
        Assert.Empty(await ledger.ActiveOrdersAsync(alice, None));

        var second = await LedgerFile.AdmitAsync(ledger, File.Order());
        await ledger.RecordAsync([File.Evidence(second, OrderState.NeverSent), File.Evidence(second, OrderState.Open)], None);
        Assert.Equal(second.Id, Assert.Single(await ledger.ActiveOrdersAsync(alice, None)).Id);
    }

    private static IEnumerable<string> Ids(IEnumerable<Order> orders) => orders.Select(o => o.Id.Value).Order();
}
