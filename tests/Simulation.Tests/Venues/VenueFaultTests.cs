using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

public sealed class VenueFaultTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Those that orders and calls can meet by chance.</summary>
    public static TheoryData<VenueFault> Drawn => [.. Enum.GetValues<VenueFault>().Where(f =>
        f is not (VenueFault.StrategySlow or VenueFault.StrategyDeaf or VenueFault.Down or VenueFault.MarketClosed))];

    [Theory]
    [MemberData(nameof(Drawn))]
    public void EachFault_HappensAndIsRecorded(VenueFault fault)
    {
        long struck = 0;
        foreach (var (seed, settings) in ((ulong, VenueSettings)[])[(1, VenueSettings.Pushing), (1, VenueSettings.Polled), (2, VenueSettings.Pushing)])
        {
            var bench = new VenueBench(seed, settings);
            bench.Faults[fault] = 0.3;
            VenueTraffic.Run(bench);
            Assert.Equal(bench.Faults.Struck(fault), bench.Of(VenueEvent.Fault).Count(e => e.Fault == fault));
            struck += bench.Faults.Struck(fault);
        }

        Assert.True(struck > 0, $"{fault} never struck.");
    }

    [Fact]
    public void AllFaultsTogether_SameSeed_SameRecord()
    {
        static string[] Record(ulong seed, VenueSettings settings)
        {
            var bench = new VenueBench(seed, settings);
            bench.Faults.SetAll(0.1);
            bench.Faults.Down(2 * Second, VenueBench.Bob);
            VenueTraffic.Run(bench);
            return [.. bench.Venue.Record.Select(e => $"{e.At} {e}")];
        }

        Assert.Equal(Record(7, VenueSettings.Polled), Record(7, VenueSettings.Polled));
        Assert.Equal(Record(7, VenueSettings.Pushing), Record(7, VenueSettings.Pushing));
        Assert.NotEqual(Record(7, VenueSettings.Polled), Record(8, VenueSettings.Polled));
    }

    [Fact]
    public void OneAccountsDraws_DoNotMoveAnothers()
    {
        static string[] RecordOfAlice(params AccountId[] accounts)
        {
            var bench = new VenueBench(11, VenueSettings.Polled with { FillsResting = 0 });
            bench.Faults.SetAll(0.1);
            bench.Faults[VenueFault.RestsThoughMarketable] = 1; // The price is everybody's: who looks at it moves it on.
            VenueTraffic.Run(bench, 40, accounts);
            return [.. bench.Venue.Record.Where(e => e.Account == VenueBench.Alice && e.Fault is not null).Take(40).Select(e => $"{e.At} {e}")];
        }

        Assert.Equal(RecordOfAlice(VenueBench.Alice), RecordOfAlice(VenueBench.Alice, VenueBench.Bob));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AfterHeal_EverythingIsAnsweredPromptlyAndRight(bool pushes)
    {
        var bench = new VenueBench(5, pushes ? VenueSettings.Pushing : VenueSettings.Polled);
        bench.Faults.SetAll(0.4);
        VenueTraffic.Run(bench);
        bench.Faults.Down(bench.World.Now + (100 * Second));
        bench.Faults.CloseMarket(bench.World.Now + (100 * Second));
        bench.Faults.Heal();
        var began = bench.World.Now;
        for (var i = 0; i < 50; i++)
        {
            var order = bench.Limit(VenueBench.Alice, VenueBench.Share, limit: 1);
            var report = Assert.IsType<PlaceOutcome.Accepted>(bench.Place(order)).Report;
            Assert.Equal(report, Assert.IsType<Reading<VenueOrderReport>.Value>(bench.Find(VenueBench.Alice, order.Id)).Is);
            Assert.True(bench.Cancel(report) is CancelOutcome.Accepted or CancelOutcome.Reported { Report.State: OrderState.Cancelled } or CancelOutcome.NotCancelable);
        }

        Assert.True(bench.World.Now - began < Second);
        bench.Run();
        Assert.IsType<MassCancelOutcome.Answered>(bench.CancelAll(VenueBench.Alice));
        bench.Run();
        var open = Assert.IsType<Reading<System.Collections.Immutable.ImmutableArray<VenueOrderReport>>.Value>(bench.Wait(bench.Link.OpenOrdersAsync(VenueBench.Alice, CancellationToken.None)));
        Assert.Empty(open.Is);
    }

    [Fact]
    public void Down_NothingIsWritten_AndWhatIsUnderWayIsLostOrUnanswered()
    {
        var bench = new VenueBench(3, VenueSettings.Polled);
        var resting = bench.Rest(VenueBench.Alice);
        bench.Faults.Down(bench.World.Now + (5 * Second), VenueBench.Alice);
        Assert.IsType<PlaceOutcome.NotSent>(bench.Place(bench.Limit(VenueBench.Alice)));
        Assert.IsType<CancelOutcome.Unknown>(bench.Cancel(resting));
        Assert.IsType<Reading<VenueOrderReport>.Unreadable>(bench.Find(VenueBench.Alice, OrderId.Parse(resting.ClientOrderId)));
        Assert.IsType<MassCancelOutcome.NotSent>(bench.CancelAll(VenueBench.Alice));
        Assert.IsType<PlaceOutcome.Accepted>(bench.Place(bench.Limit(VenueBench.Bob)));
        Assert.Single(bench.Of(VenueEvent.Received), e => e.Account == VenueBench.Alice);

        bench.Until(6 * Second);
        bench.Faults[VenueFault.SlowAnswer] = 1;
        var order = bench.Limit(VenueBench.Alice);
        using var permit = bench.Permit();
        var placing = bench.Link.PlaceAsync(order, permit, CancellationToken.None);
        bench.Until(bench.World.Now + TimeSpan.FromMilliseconds(3));
        bench.Faults.Down(bench.World.Now + (9 * Second));
        Assert.IsType<PlaceOutcome.Unknown>(bench.Wait(placing));
        Assert.Contains(bench.Of(VenueEvent.Accepted), e => e.ClientOrderId == order.Id.Value);
    }

    [Fact]
    public void ClosedMarket_RefusesCancelsAndImmediateOrders_ButForPairs()
    {
        var bench = new VenueBench(3, VenueSettings.Polled with { FillsResting = 0 });
        var (share, pair) = (bench.Rest(VenueBench.Alice, VenueBench.Share), bench.Rest(VenueBench.Alice, VenueBench.Pair));
        bench.Faults.CloseMarket(60 * Second);
        Assert.IsType<CancelOutcome.NotCancelable>(bench.Cancel(share));
        Assert.IsType<CancelOutcome.Accepted>(bench.Cancel(pair));
        Assert.IsType<PlaceOutcome.Rejected>(bench.Place(bench.Limit(VenueBench.Alice, VenueBench.Share, inForce: TimeInForce.Ioc)));
        var clock = Assert.IsType<Reading<MarketClock>.Value>(bench.Wait(bench.Link.ClockAsync(VenueBench.Alice, CancellationToken.None))).Is;
        Assert.Equal(clock.At + (60 * Second) - bench.World.Now, clock.ClosedUntil(VenueBench.Share)!.Value, TimeSpan.FromMilliseconds(50)); // it is closed
        bench.Until(61 * Second);
        Assert.IsType<CancelOutcome.Accepted>(bench.Cancel(share));
    }

    [Fact]
    public void Session_EndsWithItsOrders_AndKnowsNoneOfThem()
    {
        var bench = new VenueBench(3, VenueSettings.Pushing);
        var resting = bench.Rest(VenueBench.Alice);
        bench.Venue.EndSession();
        Assert.IsType<Reading<VenueOrderReport>.Absent>(bench.Find(VenueBench.Alice, OrderId.Parse(resting.ClientOrderId)));
        Assert.Single(bench.Of(VenueEvent.Ended));
    }
}
