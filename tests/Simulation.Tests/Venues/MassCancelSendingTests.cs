using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>A mass cancel on the model link keeps to its send window, whatever befalls it and its process.</summary>
public sealed class MassCancelSendingTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    [Fact]
    public void OfAProcessThatIsFrozenPastTheWindow_IsNotSent()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var bench = new VenueBench(seed, VenueSettings.Polled);
            bench.Rest(VenueBench.Alice);
            using var permit = bench.Permit();
            var cancelling = bench.Link.CancelAllAsync(VenueBench.Alice, permit, CancellationToken.None);
            bench.Process.Freeze(2 * Window);
            Assert.IsType<MassCancelOutcome.NotSent>(bench.Wait(cancelling));
            bench.Run();
            Assert.Empty(bench.Of(VenueEvent.MassCancelReceived));
        }
    }

    [Fact]
    public void AsksItsPermitOnceAfterEveryWait_AndArrivesWithinTheWindowOrNever()
    {
        var (arrived, never) = (0, 0);
        for (var seed = 0UL; seed < 100; seed++)
        {
            var bench = new VenueBench(seed, VenueSettings.Polled);
            bench.Faults[VenueFault.RateLimitWait] = bench.Faults[VenueFault.SlowConnect] = bench.Faults[VenueFault.SlowRequest] = 0.5;
            using var permit = bench.Permit();
            var outcome = bench.Wait(bench.Link.CancelAllAsync(VenueBench.Alice, permit, CancellationToken.None));
            bench.Run();
            Assert.Equal(outcome is MassCancelOutcome.NotSent ? 0 : 1, permit.Asked);
            Assert.All(bench.Of(VenueEvent.MassCancelReceived), e => Assert.InRange(e.At, permit.TakenAt!.Value, Window));
            (arrived, never) = bench.Of(VenueEvent.MassCancelReceived).Any() ? (arrived + 1, never) : (arrived, never + 1);
        }

        Assert.True(arrived > 10 && never > 10, $"{arrived} arrived, {never} did not");
    }

    [Fact]
    public void OfAProcessThatDies_DiesWithIt()
    {
        var bench = new VenueBench(1, VenueSettings.Polled);
        bench.Faults[VenueFault.SlowRequest] = 1;
        using var permit = bench.Permit();
        _ = bench.Link.CancelAllAsync(VenueBench.Alice, permit, CancellationToken.None).AsTask();
        bench.Until(TimeSpan.FromMilliseconds(3));
        bench.Process.Kill();
        bench.Run();
        Assert.Empty(bench.Of(VenueEvent.MassCancelReceived));
    }
}
