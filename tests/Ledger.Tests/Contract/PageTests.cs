using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Tests.Contract;

public abstract class PageTests(LedgerKind kind) : LedgerTest(kind)
{
    [SkippableFact]
    public async Task History_IsPagedNewestFirst_WhileStopsArrive()
    {
        var ledger = await File.OpenAsync();
        var stops = new List<Stop>();
        for (var i = 0; i < 7; i++)
        {
            stops.Add(await File.EngageAsync(ledger, $"USER:u{i}"));
        }

        var first = await ledger.HistoryAsync(new(null, null, 3), None);
        await File.EngageAsync(ledger, "SYSTEM");
        var second = await ledger.HistoryAsync(new(null, first.NextCursor, 3), None);
        var third = await ledger.HistoryAsync(new(null, second.NextCursor, 3), None);

        Assert.Equal(
            Enumerable.Reverse(stops).Select(s => s.Id), first.Items.Concat(second.Items).Concat(third.Items).Select(s => s.Stop.Id));
        Assert.Null(third.NextCursor);
    }

    [SkippableFact]
    public async Task History_OfAUser_IsThatBook()
    {
        var ledger = await File.OpenAsync();
        await LedgerFile.AdmitAsync(ledger, File.Order("alice", "mine"));
        await LedgerFile.AdmitAsync(ledger, File.Order("bob", "theirs"));
        foreach (var target in new[] { "USER:alice", "USER:alice/SYMBOL:BTC-USD", "STRATEGY:mine", "STRATEGY:theirs", "USER:bob", "SYSTEM", "SYMBOL:BTC-USD" })
        {
            await File.EngageAsync(ledger, target);
        }

        var alice = await ledger.HistoryAsync(new(UserId.Parse("alice"), null), None);
        var all = await ledger.HistoryAsync(new(null, null), None);

        Assert.Equal(["STRATEGY:mine", "USER:alice/SYMBOL:BTC-USD", "USER:alice"], alice.Items.Select(s => s.Stop.Target.Value));
        Assert.All(alice.Items, s => Assert.Equal(UserId.Parse("alice"), s.User));
        Assert.Equal([null, null, "bob", "bob", "alice", "alice", "alice"], all.Items.Select(s => s.User?.Value));
    }

    [SkippableFact]
    public async Task History_CountsWhatWasDone()
    {
        var ledger = await File.OpenAsync();
        var stop = await File.EngageAsync(ledger, "SYSTEM");
        await ledger.PauseAsync(stop, [StrategyId.Parse("s1")], File.Now, None);
        await ledger.RecordOutcomesAsync(
            stop.Id,
            [
                File.Outcome(ObligationKind.Order, "a", OutcomeKind.Cancelled), File.Outcome(ObligationKind.Order, "b", OutcomeKind.NeverSent),
                File.Outcome(ObligationKind.Order, "c", OutcomeKind.Filled), File.Outcome(ObligationKind.Order, "d", OutcomeKind.Unknown),
                File.Outcome(ObligationKind.Position, "acc/BTC-USD", OutcomeKind.Closed),
            ],
            None);
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.Order, "d", OutcomeKind.Cancelled)], None);
        await ledger.RecordOutcomesAsync(stop.Id, [File.Outcome(ObligationKind.Order, "a", OutcomeKind.Cancelled)], None);

        var summary = Assert.Single((await ledger.HistoryAsync(new(null, null), None)).Items);

        Assert.Equal((3, 1, 1), (summary.OrdersCancelled, summary.StrategiesPaused, summary.PositionsClosed));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Orders_ArePagedNewestFirst_ByWhatIsAsked(bool activeOnly)
    {
        var ledger = await File.OpenAsync();
        var orders = new List<Order>();
        for (var i = 0; i < 40; i++)
        {
            var order = await LedgerFile.AdmitAsync(ledger, File.Order($"u{i % 3}", $"s{i % 2}", i % 5 == 0 ? "BTC-USD" : "ETH-USD"));
            orders.Add(i % 4 == 0 ? await File.RecordAsync(ledger, order, OrderState.Cancelled) : order);
        }

        foreach (var query in new[]
        {
            new OrderQuery(null, null, null, activeOnly, null, 7),
            new OrderQuery(UserId.Parse("u1"), null, null, activeOnly, null, 7),
            new OrderQuery(null, StrategyId.Parse("s1"), null, activeOnly, null, 7),
            new OrderQuery(null, null, Symbol.Parse("ETH-USD"), activeOnly, null, 7),
            new OrderQuery(UserId.Parse("u1"), StrategyId.Parse("s1"), Symbol.Parse("ETH-USD"), activeOnly, null, 7),
        })
        {
            var expected = orders.Where(o => (!activeOnly || o.State.IsActive())
                && (query.User is null || o.Terms.User == query.User)
                && (query.Strategy is null || o.Terms.Strategy == query.Strategy)
                && (query.Symbol is null || o.Terms.Symbol == query.Symbol)).Reverse().ToList();
            var (found, next) = (new List<Order>(), query);
            do
            {
                var page = await ledger.OrdersAsync(next, None);
                found.AddRange(page.Items);
                next = query with { Cursor = page.NextCursor };
            }
            while (next.Cursor is not null);
            Assert.Equal(expected, found);
        }
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("ä")]
    [InlineData("!!!")]
    [InlineData("YWJj")]
    [InlineData("LTE")]
    public async Task ABadCursor_IsTheCallersBug_AndNamed(string cursor)
    {
        var ledger = await File.OpenAsync();

        Assert.Equal("cursor", (await Assert.ThrowsAsync<ArgumentException>(() => ledger.HistoryAsync(new(null, cursor), None))).ParamName);
        Assert.Equal("cursor", (await Assert.ThrowsAsync<ArgumentException>(
            () => ledger.OrdersAsync(new(null, null, null, false, cursor), None))).ParamName);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task ABadLimit_IsTheCallersBug(int limit)
    {
        var ledger = await File.OpenAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ledger.HistoryAsync(new(null, null, limit), None));
    }

    [SkippableFact]
    public async Task Strategies_ArePagedById()
    {
        var ledger = await File.OpenAsync();
        foreach (var i in Enumerable.Range(0, 5))
        {
            await ledger.RegisterAsync(StrategyId.Parse($"s{i}"), UserId.Parse(i == 2 ? "bob" : "alice"), null, null, false, File.Now, None);
        }

        var first = await ledger.StrategiesAsync(UserId.Parse("alice"), null, 3, None);
        var second = await ledger.StrategiesAsync(UserId.Parse("alice"), first.NextCursor, 3, None);

        Assert.Equal(["s0", "s1", "s3", "s4"], first.Items.Concat(second.Items).Select(s => s.Id.Value));
        Assert.Null(second.NextCursor);
    }
}
