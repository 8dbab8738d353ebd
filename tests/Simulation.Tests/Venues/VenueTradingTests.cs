using System.Collections.Immutable;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

public sealed class VenueTradingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Record_AddsUp_WhateverGoesWrong(bool pushes)
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var bench = new VenueBench(seed, pushes ? VenueSettings.Pushing : VenueSettings.Polled);
            bench.Faults.SetAll(0.15);
            VenueTraffic.Run(bench, 30);
            Assert.All(bench.Venue.Record.Zip(bench.Venue.Record.Skip(1)), pair => Assert.True(pair.First.At <= pair.Second.At));
            foreach (var account in bench.Venue.Accounts)
            {
                CheckAccount(bench, account);
            }
        }
    }

    [Fact]
    public void EveryEvent_Happens()
    {
        var happened = new HashSet<VenueEvent>();
        foreach (var settings in (VenueSettings[])[VenueSettings.Pushing, VenueSettings.Polled])
        {
            var bench = new VenueBench(3, settings);
            bench.Faults.SetAll(0.1);
            bench.Faults.CloseMarket(TimeSpan.FromSeconds(1));
            bench.Venue.Seed(VenueBench.Alice, VenueBench.Share, -7);
            bench.Venue.PlaceForeign(VenueBench.Alice, VenueBench.Share, OrderSide.Buy, 3);
            var order = bench.Limit(VenueBench.Bob);
            bench.Place(order);
            bench.Place(order);
            VenueTraffic.Run(bench);
            happened.UnionWith(bench.Venue.Record.Select(e => e.Event));
        }

        Assert.Empty(Enum.GetValues<VenueEvent>().Except(happened));
    }

    [Fact]
    public void ImmediateOrders_TradeOrEndAtOnce()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        Assert.Equal(OrderState.Filled, StateOf(bench.Place(bench.Order(VenueBench.Alice, OrderType.Market))));
        Assert.Equal(OrderState.Filled, StateOf(bench.Place(bench.Limit(VenueBench.Alice, limit: 150, inForce: TimeInForce.Ioc))));
        Assert.Equal(OrderState.Cancelled, StateOf(bench.Place(bench.Limit(VenueBench.Alice, limit: 50, inForce: TimeInForce.Ioc))));
        bench.Faults[VenueFault.PartialFill] = 1;
        var part = Assert.IsType<PlaceOutcome.Accepted>(bench.Place(bench.Limit(VenueBench.Alice, limit: 150, inForce: TimeInForce.Ioc))).Report;
        Assert.True(part is { State: OrderState.Cancelled, FilledQuantity: > 0 and < 10 });
        Assert.Equal(OrderState.Cancelled, StateOf(bench.Place(bench.Limit(VenueBench.Alice, limit: 150, inForce: TimeInForce.Fok))));
        Assert.Equal(20 + part.FilledQuantity, bench.Venue.Account(VenueBench.Alice).PositionIn(VenueBench.Pair));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, -6)]
    public void ReduceOnly_StopsAtZeroWhereItIsEnforced(bool enforced, int left)
    {
        var bench = new VenueBench(1, VenueSettings.Polled with { AcceptsReduceOnly = enforced });
        bench.Venue.Seed(VenueBench.Alice, VenueBench.Pair, 4);
        bench.Place(bench.Limit(VenueBench.Alice, limit: 50, side: OrderSide.Sell, reduceOnly: true));
        Assert.Equal(left, bench.Venue.Account(VenueBench.Alice).PositionIn(VenueBench.Pair));
        Assert.Empty(bench.Venue.Account(VenueBench.Alice).Open);
    }

    [Fact]
    public void ForeignOrder_IsShownUnderItsOwnName()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        bench.Venue.PlaceForeign(VenueBench.Alice, VenueBench.Share, OrderSide.Sell, 3, clientOrderId: "by hand: 1/2");
        var open = Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Value>(bench.Wait(bench.Link.OpenOrdersAsync(VenueBench.Alice, CancellationToken.None)));
        Assert.Equal("by hand: 1/2", Assert.Single(open.Is).ClientOrderId);
        Assert.Single(bench.Of(VenueEvent.PlacedPast));
    }

    [Fact]
    public void Price_WalksAndStaysNear()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        var prices = new List<decimal>();
        for (var i = 0; i < 100; i++)
        {
            bench.Until(TimeSpan.FromSeconds(i));
            prices.Add(Assert.IsType<Reading<decimal>.Value>(bench.Wait(bench.Link.PriceAsync(VenueBench.Alice, VenueBench.Share, CancellationToken.None))).Is);
        }

        Assert.True(prices.Distinct().Count() > 50);
        Assert.All(prices.Zip(prices.Skip(1)), pair => Assert.InRange(pair.Second / pair.First, 0.97m, 1.03m));
    }

    private static void CheckAccount(VenueBench bench, ModelAccount account)
    {
        var lines = bench.Venue.Record.Where(e => e.Account == account.Id).ToArray();
        foreach (var position in account.Positions)
        {
            Assert.Equal(lines.Where(e => e.Event == VenueEvent.Filled && e.Symbol == position.Symbol.Symbol.Value).Sum(e => e.Signed), position.Quantity);
        }

        foreach (var order in account.Orders)
        {
            var its = lines.Where(e => e.VenueOrderId == order.VenueOrderId).ToArray();
            Assert.InRange(order.Filled, 0, order.Terms.Quantity);
            Assert.Single(its, e => e.Event == VenueEvent.Accepted);
            Assert.Equal(order.IsOpen || order.State == OrderState.Filled ? 0 : 1, its.Count(e => e.Event is VenueEvent.Cancelled or VenueEvent.Ended or VenueEvent.Replaced));
            Assert.DoesNotContain(its, e => e.At > order.EndedAt && e.Event is VenueEvent.Filled or VenueEvent.Triggered);
            Assert.Equal(order.IsOpen, account.Open.Contains(order));
        }
    }

    private static OrderState StateOf(PlaceOutcome outcome) => Assert.IsType<PlaceOutcome.Accepted>(outcome).Report.State;
}
