using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

public sealed class VenueNoticeTests
{
    [Fact]
    public void Notices_ComeInOrderPerOrder_RepeatedAndLate()
    {
        var bench = new VenueBench(4, VenueSettings.Pushing with { FillsResting = 0.8 });
        (bench.Faults[VenueFault.NoticeLate], bench.Faults[VenueFault.NoticeRepeated], bench.Faults[VenueFault.PartialFill]) = (0.5, 0.3, 0.8);
        VenueTraffic.Run(bench);
        foreach (var notices in bench.Notices.GroupBy(n => n.VenueOrderId))
        {
            var seen = notices.ToArray();
            Assert.Equal(seen.Select(n => n.FilledQuantity).Order(), seen.Select(n => n.FilledQuantity));
            Assert.DoesNotContain(seen.SkipWhile(n => n.State == OrderState.Open), n => n.State == OrderState.Open);
        }

        var changes = bench.Venue.Accounts.Sum(a => a.Orders.Count);
        Assert.True(bench.Notices.Count > changes);
    }

    [Fact]
    public void Notices_Lost_NeverCome()
    {
        var bench = new VenueBench(4, VenueSettings.Pushing);
        bench.Faults[VenueFault.NoticeLost] = 1;
        VenueTraffic.Run(bench);
        Assert.Empty(bench.Notices);
    }

    [Fact]
    public void PolledVenue_RefusesSubscribers() =>
        Assert.Throws<NotSupportedException>(() => new VenueBench(4, VenueSettings.Polled) is { } bench ? Subscribe(bench) : 0);

    [Fact]
    public void Strategies_AnswerToldAndNotTold_PromptlyAfterHeal()
    {
        var bench = new VenueBench(4, VenueSettings.Polled);
        var heard = new List<StrategyHeard>();
        var strategies = new RecordingStrategies(bench.Process, bench.Faults, heard);
        var strategy = new Strategy(StrategyId.Parse("s1"), UserId.Parse("alice"), null, null, DateTimeOffset.UnixEpoch, []);
        var notice = new StrategyNotice(
            "n1", NoticeKind.Paused, strategy.Id, StopId.Parse("stop-1"), StopTarget.Parse("STRATEGY:s1"), EmergencyStopReason.UserInitiated, DateTimeOffset.UnixEpoch);
        (bench.Faults[VenueFault.StrategyDeaf], bench.Faults[VenueFault.StrategySlow]) = (0.5, 0.5);
        var told = Enumerable.Range(0, 40).Select(_ => bench.Wait(strategies.TellAsync(strategy, notice, CancellationToken.None)).Told).ToArray();
        Assert.Contains(true, told);
        Assert.Contains(false, told);
        Assert.Equal(told.Count(t => t), heard.Count(h => h.Acknowledged));
        Assert.Contains(heard, h => !h.Acknowledged);
        Assert.True(bench.Faults.Struck(VenueFault.StrategyDeaf) > 0 && bench.Faults.Struck(VenueFault.StrategySlow) > 0);

        bench.Faults.Heal();
        var began = bench.World.Now;
        Assert.True(bench.Wait(strategies.TellAsync(strategy, notice, CancellationToken.None)).Told);
        Assert.True(bench.World.Now - began < TimeSpan.FromMilliseconds(50));
    }

    private static int Subscribe(VenueBench bench)
    {
        bench.Link.Subscribe(bench);
        return 1;
    }
}
