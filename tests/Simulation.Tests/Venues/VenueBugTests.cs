using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>Each planted bug shows where a checker can see it, and never without the bug.</summary>
public sealed class VenueBugTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    [Fact]
    public void RetriesPlace_SendsTwice()
    {
        static int Doubles(VenueBug bug) => Sum(bug, VenueFault.AnswerLost, bench => bench.Of(VenueEvent.Duplicate).Count());
        Assert.True(Doubles(VenueBug.RetriesPlace) > 0);
        Assert.Equal(0, Doubles(VenueBug.None));
    }

    [Theory]
    [InlineData(VenueBug.PermitBeforeConnect, VenueFault.SlowConnect)]
    [InlineData(VenueBug.PermitBeforeConnect, VenueFault.RateLimitWait)]
    [InlineData(VenueBug.WindowNotReset, VenueFault.SlowRequest)]
    [InlineData(VenueBug.RetriesPlace, VenueFault.SlowRequest)]
    public void WindowBugs_WriteAfterTheWindow(VenueBug bug, VenueFault fault)
    {
        int Late(VenueBug planted) => Sum(planted, fault, bench => bench.Of(VenueEvent.Received).Count(e => e.At > Window && !e.Late));
        Assert.Equal(fault != VenueFault.SlowConnect, Late(bug) > 0); // A connect alone is shorter than the window.
        Assert.Equal(0, Late(VenueBug.None));
    }

    [Fact]
    public void PermitBeforeConnect_AsksBeforeItWaits()
    {
        var bench = new VenueBench(1, VenueSettings.Polled, VenueBug.PermitBeforeConnect);
        using var permit = bench.Permit();
        bench.Wait(bench.Link.PlaceAsync(bench.Limit(VenueBench.Alice), permit, CancellationToken.None));
        Assert.Equal(TimeSpan.Zero, permit.TakenAt);
    }

    [Fact]
    public void EmptyOnFailure_ShowsNothingOpen()
    {
        var bench = new VenueBench(1, VenueSettings.Polled, VenueBug.EmptyOnFailure);
        bench.Rest(VenueBench.Alice);
        bench.Faults[VenueFault.AnswerLost] = 1;
        var reading = bench.Wait(bench.Link.OpenOrdersAsync(VenueBench.Alice, CancellationToken.None));
        Assert.Empty(Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Value>(reading).Is);
    }

    [Fact]
    public void TimeoutIsCancelled_ReportsWhatIsOpen()
    {
        var bench = new VenueBench(1, VenueSettings.Polled, VenueBug.TimeoutIsCancelled);
        var resting = bench.Rest(VenueBench.Alice);
        bench.Faults[VenueFault.RequestLost] = 1;
        Assert.Equal(OrderState.Cancelled, Assert.IsType<CancelOutcome.Reported>(bench.Cancel(resting)).Report.State);
        Assert.Single(bench.Venue.Account(VenueBench.Alice).Open);
    }

    [Fact]
    public void MassCancelOfAllAccounts_HitsBystanders()
    {
        var bench = new VenueBench(1, VenueSettings.Pushing, VenueBug.MassCancelOfAllAccounts);
        bench.Rest(VenueBench.Alice);
        bench.Rest(VenueBench.Bob);
        bench.CancelAll(VenueBench.Alice);
        Assert.Contains(bench.Of(VenueEvent.Cancelled), e => e.Account == VenueBench.Bob);
    }

    [Theory]
    [InlineData(VenueFault.RateLimitWait)]
    [InlineData(VenueFault.SlowRequest)]
    public void MassCancelWithoutPermit_ArrivesAfterTheWindow(VenueFault fault)
    {
        int Late(VenueBug bug)
        {
            var late = 0;
            for (var seed = 0UL; seed < 50; seed++)
            {
                var bench = new VenueBench(seed, VenueSettings.Polled, bug);
                bench.Faults[fault] = 1;
                bench.CancelAll(VenueBench.Alice);
                bench.Run();
                late += bench.Of(VenueEvent.MassCancelReceived).Count(e => e.At > Window);
            }

            return late;
        }

        Assert.True(Late(VenueBug.MassCancelWithoutPermit) > 0);
        Assert.Equal(0, Late(VenueBug.None));
    }

    private static int Sum(VenueBug bug, VenueFault fault, Func<VenueBench, int> count)
    {
        var sum = 0;
        for (var seed = 0UL; seed < 50; seed++)
        {
            var bench = new VenueBench(seed, VenueSettings.Polled, bug);
            bench.Faults[fault] = 1;
            using var permit = bench.Permit();
            _ = bench.Link.PlaceAsync(bench.Limit(VenueBench.Alice), permit, CancellationToken.None).AsTask();
            bench.Run();
            sum += count(bench);
        }

        return sum;
    }
}
