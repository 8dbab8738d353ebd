using static EmergencyStop.Venues.Tests.Simulated.MarketBench;

namespace EmergencyStop.Venues.Tests.Simulated;

public sealed class MatchingTests
{
    private readonly MarketBench _bench = new();
    private readonly MarketBench _noMaker = new(options => options.MakerQuantity = 0);

    [Fact]
    public void Market_FillsAtTheLastPrice()
    {
        var order = _bench.Place(Alice, OrderSide.Buy, 10);

        Assert.Equal((SimulatedStatus.Filled, 10m, 100m), (order.Status, order.FilledQuantity, order.AveragePrice));
        Assert.Equal(99_000, _bench.Market.Cash(Alice));
        Assert.Equal((10m, 100m), (Position(_bench, Alice), _bench.Market.Positions(Alice)[0].AveragePrice));
    }

    [Theory]
    [InlineData(OrderSide.Buy, 100, true)]
    [InlineData(OrderSide.Buy, 101, true)]
    [InlineData(OrderSide.Buy, 99.99, false)]
    [InlineData(OrderSide.Sell, 100, true)]
    [InlineData(OrderSide.Sell, 99, true)]
    [InlineData(OrderSide.Sell, 100.01, false)]
    public void Limit_FillsAtOnceOnlyWhereItIsMarketable(OrderSide side, double limit, bool fills)
    {
        var order = _bench.Place(Alice, side, 1, (decimal)limit);

        Assert.Equal(fills ? SimulatedStatus.Filled : SimulatedStatus.New, order.Status);
        Assert.Equal(fills ? 100m : null, order.AveragePrice);
    }

    [Fact]
    public void Resting_FillsAtItsLimitWhenThePriceCrossesIt()
    {
        var order = _bench.Place(Alice, OrderSide.Buy, 10, 95);

        _bench.Market.SetPrice(Aapl, 95.01m);
        Assert.Equal(SimulatedStatus.New, _bench.Now(order).Status);

        _bench.Market.SetPrice(Aapl, 90);
        Assert.Equal((SimulatedStatus.Filled, 95m), (_bench.Now(order).Status, _bench.Now(order).AveragePrice));
    }

    [Fact]
    public void Crossing_GoesByPriceThenTime()
    {
        var late = _noMaker.Place(Alice, OrderSide.Sell, 5, 101);
        var dear = _noMaker.Place(Alice, OrderSide.Sell, 5, 102);
        var cheap = _noMaker.Place(Alice, OrderSide.Sell, 5, 100);
        var later = _noMaker.Place(Alice, OrderSide.Sell, 5, 101);

        var taker = _noMaker.Place(Bob, OrderSide.Buy, 12, 101);

        Assert.Equal([5m, 5m, 2m, 0m], new[] { cheap, late, later, dear }.Select(order => _noMaker.Now(order).FilledQuantity));
        Assert.Equal((SimulatedStatus.Filled, ((5 * 100m) + (7 * 101m)) / 12), (taker.Status, taker.AveragePrice));
        Assert.Equal(SimulatedStatus.PartiallyFilled, _noMaker.Now(later).Status);
    }

    [Fact]
    public void Maker_WithABound_FillsAPartNowAndTheRestLater()
    {
        var bench = new MarketBench(options => options.MakerQuantity = 4);

        var order = bench.Place(Alice, OrderSide.Buy, 10);
        Assert.Equal((SimulatedStatus.PartiallyFilled, 4m), (order.Status, order.FilledQuantity));

        bench.Market.Tick();
        bench.Market.Tick();
        Assert.Equal((SimulatedStatus.Filled, 10m), (bench.Now(order).Status, bench.Now(order).FilledQuantity));
    }

    [Fact]
    public void Ioc_CancelsWhatCannotTradeAtOnce()
    {
        _noMaker.Place(Bob, OrderSide.Sell, 4, 100);

        var order = _noMaker.Place(_noMaker.Request(Alice, OrderSide.Buy, 10, 100) with { TimeInForce = TimeInForce.Ioc });

        Assert.Equal((SimulatedStatus.Canceled, 4m), (order.Status, order.FilledQuantity));
        Assert.Empty(_noMaker.Market.OpenOrders(Alice));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(9, 9)]
    public void Fok_TradesAllOrNothing(int quantity, int filled)
    {
        _noMaker.Place(Bob, OrderSide.Sell, 4, 100);
        _noMaker.Place(Bob, OrderSide.Sell, 5, 101);
        _noMaker.Place(Bob, OrderSide.Sell, 5, 102);

        var order = _noMaker.Place(_noMaker.Request(Alice, OrderSide.Buy, quantity, 101) with { TimeInForce = TimeInForce.Fok });

        Assert.Equal(filled, order.FilledQuantity);
        Assert.Equal(filled == 0 ? SimulatedStatus.Canceled : SimulatedStatus.Filled, order.Status);
    }

    [Theory]
    [InlineData(OrderSide.Sell, 95, 96, 95)]
    [InlineData(OrderSide.Buy, 105, 104, 105)]
    public void Stop_IsSetOffByTheLastPrice(OrderSide side, int stop, int before, int at)
    {
        var order = _bench.Place(_bench.Request(Alice, side, 10) with { Type = OrderType.Stop, Trigger = new(stop) });

        _bench.Market.SetPrice(Aapl, before);
        Assert.Equal(SimulatedStatus.New, _bench.Now(order).Status);

        _bench.Market.SetPrice(Aapl, at);
        Assert.Equal((SimulatedStatus.Filled, (decimal)at), (_bench.Now(order).Status, _bench.Now(order).AveragePrice));
    }

    [Fact]
    public void StopLimit_RestsAtItsLimitOnceSetOff()
    {
        var order = _bench.Place(_bench.Request(Alice, OrderSide.Sell, 10, 94) with { Type = OrderType.StopLimit, Trigger = new(95) });

        _bench.Market.SetPrice(Aapl, 93);
        Assert.Equal(SimulatedStatus.New, _bench.Now(order).Status);

        _bench.Market.SetPrice(Aapl, 94);
        Assert.Equal((SimulatedStatus.Filled, 94m), (_bench.Now(order).Status, _bench.Now(order).AveragePrice));
    }

    [Fact]
    public void TrailingStop_FollowsThePriceAndHoldsWhenItTurns()
    {
        var order = _bench.Place(_bench.Request(Alice, OrderSide.Sell, 10) with { Type = OrderType.TrailingStop, Trigger = new(null, TrailPercent: 10) });
        Assert.Equal(90, order.TriggerPrice);

        _bench.Market.SetPrice(Aapl, 120);
        Assert.Equal((120m, 108m), (_bench.Now(order).HighWater, _bench.Now(order).TriggerPrice));

        _bench.Market.SetPrice(Aapl, 109);
        Assert.Equal(SimulatedStatus.New, _bench.Now(order).Status);

        _bench.Market.SetPrice(Aapl, 108);
        Assert.Equal((SimulatedStatus.Filled, 108m), (_bench.Now(order).Status, _bench.Now(order).AveragePrice));
    }

    [Fact]
    public void TrailingStop_ByDistance_BuysWhenThePriceRises()
    {
        var order = _bench.Place(_bench.Request(Alice, OrderSide.Buy, 10) with { Type = OrderType.TrailingStop, Trigger = new(null, TrailPrice: 5) });

        _bench.Market.SetPrice(Aapl, 80);
        _bench.Market.SetPrice(Aapl, 84.99m);
        Assert.Equal(SimulatedStatus.New, _bench.Now(order).Status);
        _bench.Market.SetPrice(Aapl, 85);
        Assert.Equal(SimulatedStatus.Filled, _bench.Now(order).Status);
    }

    /// <summary>A trade between orders moves the last price, which sets off a stop, whose trade sets off the next.</summary>
    [Fact]
    public void Stops_SetEachOtherOff()
    {
        foreach (var price in new[] { 99, 97, 95 })
        {
            _noMaker.Place(Bob, OrderSide.Buy, 1, price);
        }

        var first = _noMaker.Place(_noMaker.Request(Alice, OrderSide.Sell, 1) with { Type = OrderType.Stop, Trigger = new(99) });
        var second = _noMaker.Place(_noMaker.Request(Alice, OrderSide.Sell, 1) with { Type = OrderType.Stop, Trigger = new(98) });

        _noMaker.Place(Alice, OrderSide.Sell, 1, 99);

        Assert.Equal(97, _noMaker.Now(first).AveragePrice);
        Assert.Equal(95, _noMaker.Now(second).AveragePrice);
    }

    /// <summary>F18: the side alone is not enough; long 1, sell 10 sells 1.</summary>
    [Fact]
    public void F18_ReduceOnly_NeverPassesZero()
    {
        _bench.Place(Alice, OrderSide.Buy, 1);

        var order = _bench.Place(_bench.Request(Alice, OrderSide.Sell, 10) with { ReduceOnly = true });

        Assert.Equal((SimulatedStatus.Canceled, 1m, 0m), (order.Status, order.FilledQuantity, Position(_bench, Alice)));
        Assert.Equal(0, _bench.Place(_bench.Request(Alice, OrderSide.Buy, 1) with { ReduceOnly = true }).FilledQuantity);
    }

    [Fact]
    public void F18_RestingReduceOnly_TradesOnlyWhatIsLeftByThen()
    {
        _bench.Place(Alice, OrderSide.Buy, 5);
        var first = _bench.Place(_bench.Request(Alice, OrderSide.Sell, 5, 110) with { ReduceOnly = true });
        var second = _bench.Place(_bench.Request(Alice, OrderSide.Sell, 5, 110) with { ReduceOnly = true });

        _bench.Market.SetPrice(Aapl, 110);

        Assert.Equal((5m, 0m, 0m), (_bench.Now(first).FilledQuantity, _bench.Now(second).FilledQuantity, Position(_bench, Alice)));
        Assert.Equal(SimulatedStatus.Canceled, _bench.Now(second).Status);
    }

    [Fact]
    public void DayOrders_ExpireAtMidnight_OthersStay()
    {
        var day = _bench.Place(_bench.Request(Alice, OrderSide.Buy, 1, 90) with { TimeInForce = TimeInForce.Day });
        var gtc = _bench.Place(Alice, OrderSide.Buy, 1, 90);

        _bench.Time.Advance(TimeSpan.FromHours(8));
        _bench.Market.Tick();
        Assert.Equal(SimulatedStatus.New, _bench.Now(day).Status);

        _bench.Time.Advance(TimeSpan.FromHours(1));
        _bench.Market.Tick();
        Assert.Equal((SimulatedStatus.Expired, SimulatedStatus.New), (_bench.Now(day).Status, _bench.Now(gtc).Status));
    }

    [Fact]
    public void Replace_CountsWhatHadTraded()
    {
        _noMaker.Place(Bob, OrderSide.Sell, 4, 100);
        var old = _noMaker.Place(Alice, OrderSide.Buy, 10, 100);

        var (replacement, _) = _noMaker.Market.Replace(Alice, old.VenueOrderId.ToString(), new(Quantity: 12, ClientOrderId: "new"));

        Assert.Equal((4m, 12m, SimulatedStatus.PartiallyFilled), (replacement?.FilledQuantity, replacement?.Request.Quantity, replacement?.Status));
        Assert.Equal((SimulatedStatus.Replaced, replacement?.VenueOrderId), (_noMaker.Now(old).Status, _noMaker.Now(old).ReplacedBy));
        Assert.NotNull(_noMaker.Market.Replace(Alice, old.VenueOrderId.ToString(), new(Quantity: 20)).Refusal);
        _noMaker.Place(Bob, OrderSide.Sell, 20, 100);
        Assert.Equal(12, Position(_noMaker, Alice));
    }

    [Fact]
    public void ClientOrderId_IsTakenForGood()
    {
        var request = _bench.Request(Alice, OrderSide.Buy, 1, 90);
        var order = _bench.Place(request);
        Assert.Equal((422, 40010001), Code(_bench.Market.Place(request).Refusal));

        _bench.Market.Cancel(Alice, order.VenueOrderId.ToString());
        Assert.Equal((422, 40010001), Code(_bench.Market.Place(request).Refusal));
        Assert.Null(_bench.Market.Place(request with { Account = Bob }).Refusal);
        Assert.Single(_bench.Market.Orders(Alice));
    }

    [Fact]
    public void Seed_GivesPositionsWithoutTrades()
    {
        _bench.Market.Seed([new(Alice, Aapl, -7, 120, null)]);

        Assert.Equal((-7m, 120m, 100m), (Position(_bench, Alice), _bench.Market.Positions(Alice)[0].AveragePrice, _bench.Market.Positions(Alice)[0].CurrentPrice));
        Assert.Equal(100_000, _bench.Market.Cash(Alice));
    }

    [Fact]
    public void EndedOrders_AreForgottenBeyondTheBound()
    {
        var bench = new MarketBench(options => options.EndedOrdersKept = 1000);
        var first = bench.Place(Alice, OrderSide.Buy, 1);
        var open = bench.Place(Alice, OrderSide.Buy, 1, 50);
        foreach (var _ in Enumerable.Range(0, 3000))
        {
            bench.Place(Alice, OrderSide.Buy, 1);
        }

        Assert.Null(bench.Market.Find(Alice, first.VenueOrderId.ToString()));
        Assert.Null(bench.Market.FindByClientId(Alice, first.Request.ClientOrderId));
        Assert.Equal(1001, bench.Market.Orders(Alice).Count());
        Assert.Equal(SimulatedStatus.New, bench.Now(open).Status);
        Assert.Equal(3001, Position(bench, Alice));
    }

    [Theory]
    [InlineData(OrderType.Limit, null, null, "limit orders require limit_price")]
    [InlineData(OrderType.Market, 5, null, "market orders take no limit_price")]
    [InlineData(OrderType.Stop, null, null, "stop orders require stop_price and take no trail")]
    [InlineData(OrderType.Limit, 5, 5, "limit orders take no stop_price and no trail")]
    public void Place_OfNonsense_IsRefusedInWords(OrderType type, int? limit, int? stop, string why)
    {
        var request = _bench.Request(Alice, OrderSide.Buy, 1) with { Type = type, LimitPrice = limit, Trigger = stop is null ? null : new(stop) };

        Assert.Equal(why, _bench.Market.Place(request).Refusal?.Message);
        Assert.NotNull(_bench.Market.Place(_bench.Request(Alice, OrderSide.Buy, -1)).Refusal);
        Assert.NotNull(_bench.Market.Place(_bench.Request(Alice, OrderSide.Buy, 0.0000000001m)).Refusal);
    }

    private static (int? Status, int? Code) Code(SimulatedRefusal? refusal) => (refusal?.Status, refusal?.Code);

    private static decimal Position(MarketBench bench, AccountId account) =>
        bench.Market.Positions(account).SingleOrDefault(one => one.Symbol == Aapl)?.Quantity ?? 0;
}
