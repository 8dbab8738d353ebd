using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

public sealed class VenueLinkTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    [Fact]
    public void Place_AsksThePermitOnce_AndIsFound()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        var order = bench.Limit(VenueBench.Alice);
        using var permit = bench.Permit();
        var report = Assert.IsType<PlaceOutcome.Accepted>(bench.Wait(bench.Link.PlaceAsync(order, permit, CancellationToken.None))).Report;
        Assert.Equal(1, permit.Asked);
        Assert.True(permit.TakenAt > TimeSpan.Zero, "It is asked after the connect.");
        Assert.Equal(OrderState.Open, report.State);
        var open = Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Value>(bench.Wait(bench.Link.OpenOrdersAsync(VenueBench.Alice, CancellationToken.None)));
        Assert.Equal(report, Assert.Single(open.Is));
    }

    [Fact]
    public void Place_PermitRefused_WritesNothing()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        using var permit = bench.Permit();
        bench.Faults[VenueFault.RateLimitWait] = 1;
        bench.Faults.RateLimitWaitUpTo = TimeSpan.FromSeconds(1);
        bench.Process.Freeze(2 * Window);
        var outcome = bench.Wait(bench.Link.PlaceAsync(bench.Limit(VenueBench.Alice), permit, CancellationToken.None));
        Assert.IsType<PlaceOutcome.NotSent>(outcome);
        bench.Run();
        Assert.Empty(bench.Of(VenueEvent.Received));
    }

    [Fact]
    public void Place_SameClientIdTwice_IsRecordedAsDuplicate()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        var order = bench.Limit(VenueBench.Alice);
        bench.Place(order);
        Assert.IsType<PlaceOutcome.Unknown>(bench.Place(order));
        Assert.Equal(order.Id.Value, Assert.Single(bench.Of(VenueEvent.Duplicate)).ClientOrderId);
    }

    [Theory]
    [InlineData(VenueFault.SlowRequest)]
    [InlineData(VenueFault.SlowAnswer)]
    [InlineData(VenueFault.SlowConnect)]
    [InlineData(VenueFault.RateLimitWait)]
    [InlineData(VenueFault.RequestLost)]
    [InlineData(VenueFault.AnswerLost)]
    public void Place_NeverArrivesAfterItsWindow_AndTheAnswerComesWithIt(VenueFault fault)
    {
        var unknown = 0;
        for (var seed = 0UL; seed < 200; seed++)
        {
            var bench = new VenueBench(seed, VenueSettings.Polled);
            bench.Faults[fault] = 1;
            var outcome = bench.Place(bench.Limit(VenueBench.Alice));
            Assert.True(bench.World.Now <= Window, $"Seed {seed}: answered at {bench.World.Now}.");
            bench.Run();
            Assert.All(bench.Of(VenueEvent.Received), e => Assert.True(e.At <= Window && outcome is not PlaceOutcome.NotSent));
            unknown += outcome is PlaceOutcome.Unknown ? 1 : 0;
        }

        Assert.Equal(fault is VenueFault.SlowConnect or VenueFault.RateLimitWait, unknown == 0);
    }

    [Fact]
    public void Place_OfAFrozenOrDeadProcess_ArrivesWithinItsWindowOrNever()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var bench = new VenueBench(seed, VenueSettings.Polled);
            bench.Faults[VenueFault.SlowRequest] = 0.7;
            using var permit = bench.Permit();
            var placing = bench.Link.PlaceAsync(bench.Limit(VenueBench.Alice), permit, CancellationToken.None).AsTask();
            bench.World.After(TimeSpan.FromMilliseconds(seed / 10.0), null, () => Stop(bench, seed));
            bench.Run();
            Assert.All(bench.Of(VenueEvent.Received), e => Assert.True(e.At <= Window));
            Assert.True(placing.IsCompleted || !bench.Process.IsAlive);
        }

        static void Stop(VenueBench bench, ulong seed)
        {
            if (seed % 2 == 0)
            {
                bench.Process.Freeze(4 * Window);
            }
            else
            {
                bench.Process.Kill();
            }
        }
    }

    [Fact]
    public void Place_OfADeadProcess_ArrivesUpToTheWindowsEndWhereThatIsKnown()
    {
        var arrivals = new List<TimeSpan>();
        for (var seed = 0UL; seed < 100; seed++)
        {
            var bench = new VenueBench(seed, VenueSettings.Polled);
            var link = new VenueLink(bench.Venue, bench.Process, bench.Faults) { WindowEndOf = _ => Window };
            bench.Faults[VenueFault.SlowRequest] = 1;
            using var permit = bench.Permit();
            _ = link.PlaceAsync(bench.Limit(VenueBench.Alice), permit, CancellationToken.None).AsTask();
            bench.Until(TimeSpan.FromMilliseconds(3));
            bench.Process.Kill();
            bench.Run();
            arrivals.AddRange(bench.Of(VenueEvent.Received).Select(e => e.At));
        }

        Assert.All(arrivals, at => Assert.True(at <= Window));
        Assert.Contains(arrivals, at => at > Window / 2);
        Assert.InRange(arrivals.Count, 1, 99);
    }

    [Fact]
    public void Request_OfAProcessThatDies_TakesEffectUnanswered()
    {
        var bench = new VenueBench(1, VenueSettings.Polled with { FillsResting = 0 });
        var resting = bench.Rest(VenueBench.Alice);
        var cancelling = bench.Link.CancelAsync(VenueBench.Alice, OrderId.Parse(resting.ClientOrderId), resting.VenueOrderId, CancellationToken.None).AsTask();
        bench.Process.Kill();
        bench.Run();
        Assert.False(cancelling.IsCompleted);
        Assert.Single(bench.Of(VenueEvent.Cancelled));
    }

    [Fact]
    public void Answer_ToAFrozenProcess_ComesLate()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        var reading = bench.Link.PositionsAsync(VenueBench.Alice, CancellationToken.None);
        bench.Process.Freeze(4 * Window);
        bench.Wait(reading);
        Assert.Equal(4 * Window, bench.World.Now);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void LateWrite_ArrivesAfterItsWindow_AndSaysSo(double refused)
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        bench.Faults[VenueFault.LateWrite] = 1;
        bench.Faults[VenueFault.RateLimited] = refused;
        Assert.IsType<PlaceOutcome.Unknown>(bench.Place(bench.Limit(VenueBench.Alice)));
        bench.Run();
        var received = Assert.Single(bench.Of(VenueEvent.Received));
        Assert.True(received.Late && received.At > Window && received.At < Window + bench.Faults.LateWriteUpTo + Window);
    }

    [Fact]
    public void RateLimited_IsRejectedNotSentUnreadable()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        bench.Faults[VenueFault.RateLimited] = 1;
        Assert.Equal("429", Assert.IsType<PlaceOutcome.Rejected>(bench.Place(bench.Limit(VenueBench.Alice))).Code);
        Assert.Equal(VenuePhase.Unavailable, Assert.IsType<MassCancelOutcome.NotSent>(bench.CancelAll(VenueBench.Alice)).Phase);
        Assert.Equal(VenuePhase.Unavailable, Assert.IsType<Reading<ImmutableArray<VenuePosition>>.Unreadable>(bench.Wait(bench.Link.PositionsAsync(VenueBench.Alice, CancellationToken.None))).Phase);
        Assert.Empty(bench.Of(VenueEvent.Accepted));
    }

    [Fact]
    public void LateVisibility_IsBoundedAndHidesTheOrder()
    {
        var hidden = 0;
        for (var seed = 0UL; seed < 50; seed++)
        {
            var bench = new VenueBench(seed, VenueSettings.Polled);
            bench.Faults[VenueFault.LateVisibility] = 1;
            var order = bench.Limit(VenueBench.Alice);
            bench.Place(order);
            hidden += bench.Find(VenueBench.Alice, order.Id) is Reading<VenueOrderReport>.Absent ? 1 : 0;
            bench.Until(bench.World.Now + bench.Venue.Settings.VisibilityBound);
            Assert.IsType<Reading<VenueOrderReport>.Value>(bench.Find(VenueBench.Alice, order.Id));
        }

        Assert.InRange(hidden, 40, 50);
    }

    [Theory]
    [InlineData(VenueFault.CancelRefusedThenDone, typeof(CancelOutcome.NotCancelable), true)]
    [InlineData(VenueFault.CancelReportedOpen, typeof(CancelOutcome.Reported), true)]
    [InlineData(VenueFault.CancelOnlyAccepted, typeof(CancelOutcome.Accepted), true)]
    [InlineData(VenueFault.CancelLate, typeof(CancelOutcome.Accepted), true)]
    [InlineData(VenueFault.CancelDropped, typeof(CancelOutcome.Accepted), false)]
    [InlineData(VenueFault.AnswerLost, typeof(CancelOutcome.Unknown), true)]
    [InlineData(VenueFault.SlowRequest, typeof(CancelOutcome), true)]
    [InlineData(VenueFault.RequestLost, typeof(CancelOutcome.Unknown), false)]
    public void Cancel_IsAnsweredInEveryWay(VenueFault fault, Type answer, bool ends)
    {
        var bench = new VenueBench(1, VenueSettings.Pushing with { FillsResting = 0 });
        var resting = bench.Rest(VenueBench.Alice);
        bench.Faults[fault] = 1;
        Assert.IsAssignableFrom(answer, bench.Cancel(resting));
        bench.Run();
        Assert.Equal(ends, bench.Of(VenueEvent.Cancelled).Any());
    }

    [Fact]
    public void CancelNotFound_HappensWithinTheVisibilityBoundOnly()
    {
        var bench = new VenueBench(1, VenueSettings.Polled with { FillsResting = 0 });
        var resting = bench.Rest(VenueBench.Alice);
        bench.Faults[VenueFault.CancelNotFound] = 1;
        Assert.IsType<CancelOutcome.NotFound>(bench.Cancel(resting));
        bench.Until(bench.World.Now + bench.Venue.Settings.VisibilityBound);
        Assert.IsType<CancelOutcome.Accepted>(bench.Cancel(resting));
    }

    [Fact]
    public void Cancel_OfAFilledOrder_DoesNotHideTheFill()
    {
        var (filled, partly) = (0, 0);
        for (var seed = 0UL; seed < 20; seed++)
        {
            var bench = new VenueBench(seed, VenueSettings.Pushing with { FillsResting = 0 });
            var resting = bench.Rest(VenueBench.Alice);
            bench.Faults[VenueFault.FillOnCancel] = 1;
            bench.Cancel(resting);
            var order = bench.Venue.Account(VenueBench.Alice).Orders[0];
            Assert.Equal(order.Filled, bench.Venue.Account(VenueBench.Alice).PositionIn(VenueBench.Pair));
            (filled, partly) = (filled + (order.State == OrderState.Filled ? 1 : 0), partly + (order is { State: OrderState.Cancelled, Filled: > 0 } ? 1 : 0));
        }

        Assert.True(filled > 0 && partly > 0 && filled + partly == 20);
    }

    [Fact]
    public void MassCancel_HitsTheAccountOnly_ForeignOrdersToo_AndMayLeaveSome()
    {
        var bench = new VenueBench(2, VenueSettings.Pushing with { FillsResting = 0 });
        for (var i = 0; i < 10; i++)
        {
            bench.Rest(VenueBench.Alice);
            bench.Rest(VenueBench.Bob);
        }

        bench.Venue.PlaceForeign(VenueBench.Alice, VenueBench.Share, OrderSide.Sell, 5);
        bench.Faults[VenueFault.MassCancelLeaves] = 0.5;
        var answer = Assert.IsType<MassCancelOutcome.Answered>(bench.CancelAll(VenueBench.Alice));
        Assert.Equal(11, answer.Asked);
        Assert.Equal(answer.Refused, bench.Venue.Account(VenueBench.Alice).Open.Count);
        Assert.InRange(answer.Refused, 1, 10);
        Assert.Equal(10, bench.Venue.Account(VenueBench.Bob).Open.Count);
    }

    [Fact]
    public void MassCancel_AnsweredEarly_HitsOnlyWhatWasThere()
    {
        var bench = new VenueBench(2, VenueSettings.Pushing with { FillsResting = 0 });
        bench.Rest(VenueBench.Alice);
        bench.Faults[VenueFault.MassCancelAnsweredEarly] = bench.Faults[VenueFault.CancelLate] = 1;
        bench.CancelAll(VenueBench.Alice);
        Assert.Single(bench.Venue.Account(VenueBench.Alice).Open);
        var later = bench.Rest(VenueBench.Alice);
        bench.Run();
        Assert.Equal(later.ClientOrderId, Assert.Single(bench.Venue.Account(VenueBench.Alice).Open).ClientOrderId);
    }

    [Fact]
    public void Replace_IsFollowed_AndARefusalLeavesTheOrder()
    {
        var bench = new VenueBench(2, VenueSettings.Polled with { FillsResting = 0 });
        var resting = bench.Rest(VenueBench.Alice);
        var old = OrderId.Parse(resting.ClientOrderId);
        var next = bench.Limit(VenueBench.Alice, limit: 40);
        using var permit = bench.Permit();
        var replaced = Assert.IsType<PlaceOutcome.Accepted>(bench.Wait(bench.Link.ReplaceAsync(new(next, resting.VenueOrderId, next.Terms), permit, CancellationToken.None)));
        Assert.Equal(next.Id.Value, Assert.IsType<Reading<VenueOrderReport>.Value>(bench.Find(VenueBench.Alice, old)).Is.ClientOrderId);
        bench.Faults[VenueFault.Rejected] = 1;
        using var again = bench.Permit();
        var third = bench.Limit(VenueBench.Alice, limit: 30);
        Assert.IsType<PlaceOutcome.Rejected>(bench.Wait(bench.Link.ReplaceAsync(new(third, replaced.Report.VenueOrderId, next.Terms), again, CancellationToken.None)));
        Assert.Equal(next.Id.Value, Assert.Single(bench.Venue.Account(VenueBench.Alice).Open).ClientOrderId);
    }
}
