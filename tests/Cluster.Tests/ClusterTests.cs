using System.Diagnostics;
using System.Net;
using EmergencyStop.Cluster.Tests.Running;
using EmergencyStop.Ids;
using EmergencyStop.Silo.Tests;
using EmergencyStop.Soak.Service;
using EmergencyStop.Stopping;
using Xunit.Abstractions;

namespace EmergencyStop.Cluster.Tests;

/// <summary>Three silos and two gateways under order traffic: whatever dies, an outside checker finds the laws kept.</summary>
[Collection(SharedCluster.Name)]
public sealed class ClusterTests(SharedCluster shared, ITestOutputHelper output)
{
    /// <summary>What docs/cluster.md says: how long a user's orders may be refused or go unanswered while a silo is replaced.</summary>
    private static readonly TimeSpan DocumentedGap = TimeSpan.FromSeconds(15);

    /// <summary>Longer than a silo may be silent before the others put it out of the cluster.</summary>
    private static readonly TimeSpan LongerThanPatience = TimeSpan.FromSeconds(8);

    private static int _keys;

    [SkippableFact]
    public async Task SystemStop_IsSpreadOverTheSilos()
    {
        const int users = 60;
        var world = await shared.WholeAsync();
        using var engine = world.Engine(1);
        using var officer = world.Officer();
        foreach (var user in Enumerable.Range(0, users))
        {
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync($"spread{user}", $"spread{user}-s")).Status);
        }

        var stop = await shared.PressAsync(officer, StopTarget.System, Key(), waitMs: 10_000);
        await SharedCluster.CompletedAsync(officer, stop);
        Assert.Empty(await world.Venue.OpenOrdersAsync());
        var spread = await world.View.ActivationsAsync("StopPartitionGrain");
        output.WriteLine($"slices by silo: {string.Join(", ", spread.Values)}");
        Assert.True(spread.Count(s => s.Value > 0) >= 2, "one silo has swept everything");
        Assert.Equal(HttpStatusCode.Locked, (await engine.PlaceAsync("spread0", "spread0-s")).Status);
        output.WriteLine(await shared.CompareAsync(world));
        await SharedCluster.ReleaseAsync(officer, stop);
    }

    [SkippableFact]
    public async Task SiloKilledInTheMiddleOfAStop_TheOthersCarryItOn()
    {
        var world = await shared.WholeAsync();
        using var officer = world.Officer();
        shared.Traffic.Start(world.EngineKey, world.AllGateways);
        await shared.Traffic.FlowsAsync(100);
        await world.Venue.SetFaultsAsync(new { latency_ms = 300, latency_jitter_ms = 200 });
        var stop = await shared.PressAsync(officer, StopTarget.System, Key());
        var silo = await world.CoordinatorAsync(StopTarget.System);
        await world.KillSiloAsync(silo);
        var since = Stopwatch.GetTimestamp();
        await SharedCluster.CompletedAsync(officer, stop);
        output.WriteLine($"completed {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s after silo {silo}, which coordinated it, was killed");
        await shared.Traffic.EndAsync();
        output.WriteLine(await shared.CompareAsync(world));
        await SharedCluster.ReleaseAsync(officer, stop);
    }

    [SkippableFact]
    public async Task SiloThatHangs_DelaysNoGate_AndIsPutOut_AndAsAZombieSlipsNothing()
    {
        var world = await shared.WholeAsync();
        using var officer = world.Officer();
        shared.Traffic.Start(world.EngineKey, world.AllGateways);
        await shared.Traffic.FlowsAsync(50);
        var target = StopTarget.Of(UserId.Parse("u1"));
        var first = await shared.PressAsync(officer, target, Key(), waitMs: 10_000);
        await SharedCluster.CompletedAsync(officer, first);
        await SharedCluster.ReleaseAsync(officer, first);
        await shared.Traffic.FlowsAsync(50);

        var index = await world.CoordinatorAsync(target);
        var silo = world.Silo(index);
        ClusterWorld.Hang(silo);
        var hung = Stopwatch.GetTimestamp();
        var stop = await shared.PressAsync(officer, target, Key());
        var (_, shown) = await officer.GetAsync($"emergency-stop/stops/{stop.StopId}");
        var closed = shown["result"]?["gate_closed_ms"]?.GetValue<double>() ?? shown["gate_closed_ms"]!.GetValue<double>();
        output.WriteLine($"pressed with its coordinator's silo hung: the gate closed after {closed:F0} ms, the answer came after {Stopwatch.GetElapsedTime(hung).TotalMilliseconds:F0} ms");
        Assert.True(closed < 1_000, $"{closed} ms: the gate has waited for the silo");
        await SharedCluster.CompletedAsync(officer, stop);
        output.WriteLine($"completed by the others {Stopwatch.GetElapsedTime(hung).TotalSeconds:F1} s after the silo hung");

        await Task.Delay(LongerThanPatience);
        ClusterWorld.GoOn(silo);
        await Simulator.UntilAsync(() => Task.FromResult(silo.HasExited));
        Assert.Contains("[1501]", silo.Output, StringComparison.Ordinal);
        await world.ForgetSiloAsync(index);
        await shared.Traffic.EndAsync();
        output.WriteLine(await shared.CompareAsync(world));
        await SharedCluster.ReleaseAsync(officer, stop);
    }

    [SkippableFact]
    public async Task GatewayKilledWhileItWaits_TheStopGoesOn_AndTheSameKeyFindsItAtAnother()
    {
        var world = await shared.WholeAsync();
        using var engine = world.Engine();
        using var officer = world.Officer();
        using var other = world.Officer(1);
        await engine.PlaceAsync("waiting", "waiting-s");
        await world.Venue.SetFaultsAsync(new { latency_ms = 1_500 });
        var (target, key) = (StopTarget.Of(UserId.Parse("waiting")), Key());
        var waiting = shared.PressAsync(officer, target, key, waitMs: 30_000);
        await using (var ledger = world.OpenLedger())
        {
            await Simulator.UntilAsync(async () =>
            {
                await using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM stops WHERE idempotency_key = $1", ledger) { Parameters = { new() { Value = key } } };
                return (long)(await command.ExecuteScalarAsync())! == 1;
            });
        }

        await world.KillGatewayAsync(0);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => waiting);
        var stop = await shared.PressAsync(other, target, key);
        await SharedCluster.CompletedAsync(other, stop);
        Assert.Empty(await world.Venue.OpenOrdersAsync("waiting"));
        await using (var ledger = world.OpenLedger())
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM stops WHERE idempotency_key = $1", ledger) { Parameters = { new() { Value = key } } };
            Assert.Equal(1L, await command.ExecuteScalarAsync());
        }

        output.WriteLine(await shared.CompareAsync(world));
        await SharedCluster.ReleaseAsync(other, stop);
    }

    [SkippableFact]
    public async Task RollingRestartUnderLoad_LosesNothing_AndRefusesNobodyForLong()
    {
        var world = await shared.WholeAsync();
        using var officer = world.Officer();
        var standing = await shared.PressAsync(officer, StopTarget.Of(UserId.Parse("u0")), Key(), waitMs: 10_000);
        var began = Stopwatch.GetTimestamp();
        shared.Traffic.Start(world.EngineKey, world.AllGateways);
        await shared.Traffic.FlowsAsync(100);
        for (var silo = 0; silo < ClusterWorld.Silos; silo++)
        {
            Assert.Equal(0, await world.TerminateSiloAsync(silo));
            await shared.Traffic.FlowsAsync(50);
            await world.StartMissingAsync();
            await shared.Traffic.FlowsAsync(50);
        }

        await shared.Traffic.EndAsync();
        var gaps = Gaps(began);
        output.WriteLine($"longest time without an order let in: {string.Join(", ", gaps.Select(g => $"{g.User} {g.Gap.TotalSeconds:F1} s"))}");
        output.WriteLine(await shared.CompareAsync(world));
        Assert.All(gaps, g => Assert.True(g.Gap < DocumentedGap, $"{g.User} was let in by nobody for {g.Gap}"));
        await SharedCluster.CompletedAsync(officer, standing);
        await SharedCluster.ReleaseAsync(officer, standing);
    }

    [SkippableFact]
    public async Task EverySiloKilled_TheGateStaysClosed_AndStopsStand_OnceTheyAreBack()
    {
        var world = await shared.WholeAsync();
        using var engine = world.Engine();
        using var officer = world.Officer(1);
        await engine.PlaceAsync("whole", "whole-s");
        await world.Venue.SetFaultsAsync(new { down = true });
        var stop = await shared.PressAsync(officer, StopTarget.Of(UserId.Parse("whole")), Key());
        await Task.WhenAll(Enumerable.Range(0, ClusterWorld.Silos).Select(world.KillSiloAsync));

        var alone = await shared.PressAsync(officer, StopTarget.Of(UserId.Parse("nobodys")), Key()); // Without any silo a gate is closed all the same.
        await world.Venue.SetFaultsAsync(new { down = false });
        var since = Stopwatch.GetTimestamp();
        await world.StartMissingAsync();
        output.WriteLine($"the cluster is whole {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s after three silos were started anew");
        await Simulator.UntilAsync(async () =>
        {
            var (status, _) = await engine.PlaceAsync("whole", "whole-s"); // The gateway looks for silos now and then, so it may still say 503.
            Assert.NotEqual(HttpStatusCode.Created, status);
            return status == HttpStatusCode.Locked;
        });
        output.WriteLine($"a gateway has found them after {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s");
        await SharedCluster.CompletedAsync(officer, stop);
        await SharedCluster.CompletedAsync(officer, alone);
        Assert.Empty(await world.Venue.OpenOrdersAsync("whole"));
        output.WriteLine(await shared.CompareAsync(world));
        await SharedCluster.ReleaseAsync(officer, stop);
        await SharedCluster.ReleaseAsync(officer, alone);
    }

    private static string Key() => $"cluster-{Interlocked.Increment(ref _keys)}";

    /// <summary>Per trader who was not stopped: the longest time between two orders that were let in.</summary>
    private (string User, TimeSpan Gap)[] Gaps(long since) =>
    [
        .. from order in shared.Traffic.Heard
           where order.SentAt >= since && order.OrderId is not null
           group order.HeardAt by order.Terms.User into trader
           let times = trader.Order().ToArray()
           select (trader.Key.Value, times.Zip(times.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b)).DefaultIfEmpty().Max()),
    ];
}
