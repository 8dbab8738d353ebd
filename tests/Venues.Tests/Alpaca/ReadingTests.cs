using System.Collections.Immutable;
using System.Net;

namespace EmergencyStop.Venues.Tests.Alpaca;

public sealed class ReadingTests(VenueProcess process) : IClassFixture<VenueProcess>, IDisposable
{
    public void Dispose() => process.Faults.Change(_ => FaultSettings.None);

    [Fact]
    public async Task F8_WhenVenueIsDown_EverythingIsUnreadable()
    {
        var venue = process.Open();
        process.Faults.Change(_ => new() { Down = true });

        Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Unreadable>(await venue.OpenOrdersAsync(VenueProcess.Alice, default));
        Assert.IsType<Reading<ImmutableArray<VenuePosition>>.Unreadable>(await venue.PositionsAsync(VenueProcess.Alice, default));
        Assert.IsType<Reading<decimal>.Unreadable>(await venue.PriceAsync(VenueProcess.Alice, MarketBench.Aapl, default));
        var found = await venue.FindOrdersAsync(VenueProcess.Alice, [OrderId.Parse("o1")], default);
        Assert.IsType<Reading<VenueOrderReport>.Unreadable>(found[OrderId.Parse("o1")]);
        Assert.Equal("down", venue.Health.State);

        process.Faults.Change(_ => FaultSettings.None);
        Assert.Empty(Value(await venue.OpenOrdersAsync(AccountId.Parse("nobody"), default)));
        Assert.Equal("down", venue.Health.State); // One account's answer says nothing of another's link.
        await venue.ClockAsync(VenueProcess.Alice, default);
        Assert.Equal("up", venue.Health.State);
    }

    /// <summary>More orders than three pages hold; some in the middle are cancelled, one page cannot be read.</summary>
    [Fact]
    public async Task OpenOrders_OverManyPages_AreAllThereOnce()
    {
        var account = AccountId.Parse("pages");
        var venue = process.Open();
        var placed = Enumerable.Range(0, 1700).Select(n => Rest(account, $"p{n}")).ToArray();
        foreach (var order in placed.Where((_, n) => n % 7 == 0))
        {
            process.Market.Cancel(account, order.VenueOrderId.ToString());
        }

        var open = Value(await venue.OpenOrdersAsync(account, default));

        Assert.Equal(
            placed.Where((_, n) => n % 7 != 0).Select(order => order.Request.ClientOrderId).Order(StringComparer.Ordinal),
            open.Select(order => order.ClientOrderId).Order(StringComparer.Ordinal));

        process.Faults.Change(_ => new() { RateLimitPerSecond = 1 });
        var quick = process.Open(options => (options.Retries, options.CallTimeout) = (0, TimeSpan.FromMilliseconds(200)));
        Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Unreadable>(await quick.OpenOrdersAsync(account, default));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public async Task FindOrders_FewAndMany_AreEachAnswered(int count)
    {
        var account = AccountId.Parse($"find{count}");
        var venue = process.Open();
        var ids = Enumerable.Range(0, count).Select(n => OrderId.Parse($"f{n}")).ToImmutableArray();
        foreach (var id in ids)
        {
            Rest(account, id.Value);
        }

        // 600 newer ones push the oldest off the first page.
        foreach (var n in Enumerable.Range(0, count > 10 ? 600 : 0))
        {
            Rest(account, $"newer{n}");
        }

        var found = await venue.FindOrdersAsync(account, ids.Add(OrderId.Parse("missing")), default);

        Assert.All(ids, id => Assert.Equal(id.Value, Value(found[id]).ClientOrderId));
        Assert.IsType<Reading<VenueOrderReport>.Absent>(found[OrderId.Parse("missing")]);
        Assert.Equal(count + 1, found.Count);
    }

    [Fact]
    public async Task FindOrders_OfReplacedOrder_FollowsToTheLastOne()
    {
        var account = AccountId.Parse("replaced");
        var venue = process.Open();
        var first = Rest(account, "r0");
        var second = await process.JsonAsync(HttpMethod.Patch, $"/v2/orders/{first.VenueOrderId}", new { limit_price = "80" }, account.Value);
        var third = await process.JsonAsync(HttpMethod.Patch, $"/v2/orders/{second.GetProperty("id").GetString()}", new { qty = "5" }, account.Value);

        var found = Value((await venue.FindOrdersAsync(account, [OrderId.Parse("r0")], default))[OrderId.Parse("r0")]);

        Assert.Equal((third.GetProperty("id").GetString(), OrderState.Open, 5m), (found.VenueOrderId, found.State, found.Quantity));
        await venue.CancelAsync(account, OrderId.Parse("r0"), null, default);
        Assert.Empty(process.Market.OpenOrders(account));
    }

    [Fact]
    public async Task Positions_AreSignedAndCanonical()
    {
        var account = AccountId.Parse("holder");
        var venue = process.Open();
        await venue.PlaceAsync(MarketBench.Order("b1", OrderSide.Buy, 2.5m, account: "holder", symbol: "btc/usd"), new TestPermit(), default);
        await venue.PlaceAsync(MarketBench.Order("s1", OrderSide.Sell, 4, account: "holder", symbol: "MSFT"), new TestPermit(), default);

        var positions = Value(await venue.PositionsAsync(account, default));

        Assert.Equal(
            [("BTC-USD", 2.5m, 100m), ("MSFT", -4m, 100m)],
            positions.Select(one => (one.Symbol.Value, one.Quantity, one.CurrentPrice ?? 0)).Order());
    }

    [Theory]
    [InlineData("NVDA", 120.5)]
    [InlineData("ETH-USD", 2500)]
    public async Task Price_OfShareAndPair_IsTheLastTrade(string symbol, double price)
    {
        await process.JsonAsync(HttpMethod.Put, "/simulator/prices", new Dictionary<string, double>(StringComparer.Ordinal) { [symbol] = price });

        Assert.Equal((decimal)price, Value(await process.Open().PriceAsync(VenueProcess.Alice, Symbol.Parse(symbol), default)));
    }

    [Fact]
    public async Task Read_WithinRateLimit_WaitsForTheResetAndSucceeds()
    {
        var venue = process.Open();
        process.Faults.Change(_ => new() { RateLimitPerSecond = 2 });

        // More calls than two seconds hold: the headers make the adapter wait instead of failing.
        for (var n = 0; n < 5; n++)
        {
            Value(await venue.PositionsAsync(AccountId.Parse("limited"), default));
        }
    }

    [Fact]
    public async Task Venue_WhenLimited_SaysSoWithItsReset()
    {
        process.Faults.Change(_ => new() { RateLimitPerSecond = 1 });
        using var first = await process.SendAsync(HttpMethod.Get, "/v2/account", key: "limit2");
        HttpResponseMessage last = first;
        for (var n = 0; n < 5 && last.StatusCode != HttpStatusCode.TooManyRequests; n++)
        {
            last = await process.SendAsync(HttpMethod.Get, "/v2/account", key: "limit2");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.Equal(["1"], last.Headers.GetValues("X-RateLimit-Limit"));
        Assert.Equal(["0"], last.Headers.GetValues("X-RateLimit-Remaining"));
        var reset = long.Parse(last.Headers.GetValues("X-RateLimit-Reset").Single(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(reset - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), -1, 1);
    }

    private SimulatedOrderView Rest(AccountId account, string id)
    {
        var (order, _) = process.Market.Place(new(account, id, MarketBench.Aapl, OrderSide.Buy, OrderType.Limit, 1, 90));
        return Assert.IsType<SimulatedOrderView>(order);
    }
}
