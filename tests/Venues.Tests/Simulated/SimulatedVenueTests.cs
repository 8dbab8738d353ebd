using System.Collections.Immutable;
using static EmergencyStop.Venues.Tests.Simulated.MarketBench;

namespace EmergencyStop.Venues.Tests.Simulated;

public sealed class SimulatedVenueTests
{
    private readonly MarketBench _bench = new();

    [Fact]
    public async Task Place_ThenCancel_IsReportedCancelled()
    {
        var placed = await _bench.Venue.PlaceAsync(Order("o1", OrderSide.Buy, 10, 90), new TestPermit(), default);
        var report = Assert.IsType<PlaceOutcome.Accepted>(placed).Report;
        Assert.Equal(OrderState.Open, report.State);

        var cancelled = await _bench.Venue.CancelAsync(Alice, OrderId.Parse("o1"), report.VenueOrderId, default);

        Assert.Equal(OrderState.Cancelled, Assert.IsType<CancelOutcome.Reported>(cancelled).Report.State);
        Assert.Empty(Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Value>(await _bench.Venue.OpenOrdersAsync(Alice, default)).Is);
    }

    [Fact]
    public async Task Place_WhenPermitIsRefused_IsNotSent()
    {
        var outcome = await _bench.Venue.PlaceAsync(Order("o1", OrderSide.Buy, 10, 90), new TestPermit(refusal: "latched"), default);

        Assert.Equal("latched", Assert.IsType<PlaceOutcome.NotSent>(outcome).Reason);
        Assert.Null(_bench.Market.FindByClientId(Alice, "o1"));
    }

    [Fact]
    public async Task Cancel_OfThousandAmongMany_IsSynchronous()
    {
        var orders = Enumerable.Range(0, 101_000).Select(n => _bench.Place(Alice, OrderSide.Buy, 1, 50 + (n % 40))).ToArray();
        foreach (var order in orders.Take(1000))
        {
            var call = _bench.Venue.CancelAsync(Alice, OrderId.Parse(order.Request.ClientOrderId), order.VenueOrderId.ToString(), default);
            Assert.True(call.IsCompletedSuccessfully);
            Assert.IsType<CancelOutcome.Reported>(await call);
        }
    }

    /// <summary>A hundred thousand resting orders, what each costs in memory, and one call that cancels them all.</summary>
    [Fact]
    public async Task MassCancel_OfHundredThousand_TakesLittleMemory()
    {
        const int Count = 100_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var n in Enumerable.Range(0, Count))
        {
            _bench.Place(Alice, OrderSide.Buy, 1, 50 + (n % 40));
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        var outcome = await _bench.Venue.CancelAllAsync(Alice, new TestPermit(), default);

        Assert.Equal(new MassCancelOutcome.Answered(Count, 0), outcome);
        Assert.InRange(each, 0, 1000);
    }
}
