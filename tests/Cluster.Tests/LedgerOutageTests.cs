using System.Diagnostics;
using System.Net;
using EmergencyStop.Cluster.Tests.Running;
using EmergencyStop.Silo.Tests;
using Xunit.Abstractions;

namespace EmergencyStop.Cluster.Tests;

/// <summary>The cluster without its database, which holds the ledger and the cluster's own table (law 10).</summary>
[Collection(SharedCluster.Name)]
public sealed class LedgerOutageTests(SharedCluster shared, ITestOutputHelper output)
{
    [SkippableFact]
    public async Task ServerKilled_AStopAtAGatewayStillCancels_AndIsRecordedOnceItIsBack()
    {
        var world = await shared.WholeAsync();
        using var engine = world.Engine();
        using var officer = world.Officer(1);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice", "alice-s")).Status);
        }

        world.Server.Kill();
        var (status, answer) = await officer.PostAsync("emergency-stop/execute?wait_ms=10000", new { reason = "outage", scope = "USER", user_id = "alice" });
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Accepted, answer.ToJsonString());
        Assert.False(answer["recorded"]!.GetValue<bool>());
        Assert.Equal("unproven", answer["gate"]!.GetValue<string>());
        await Simulator.UntilAsync(async () => (await world.Venue.OpenOrdersAsync("alice")).Length == 0);
        Assert.NotEqual(HttpStatusCode.Created, (await engine.PlaceAsync("bob", "bob-s")).Status); // Nothing is admitted without the ledger.

        world.Server.Restart();
        var since = Stopwatch.GetTimestamp();
        var stop = answer["stop_id"]!.GetValue<string>();
        await officer.UntilAsync($"emergency-stop/stops/{stop}", s => s["state"]?.GetValue<string>() == "completed");
        output.WriteLine($"recorded and completed {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s after the server was back");
        Assert.Equal(HttpStatusCode.Locked, (await engine.PlaceAsync("alice", "alice-s")).Status);
        await Simulator.UntilAsync(async () => (await engine.PlaceAsync("bob", "bob-s")).Status == HttpStatusCode.Created);
        output.WriteLine($"orders of others are taken again after {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s");
    }
}
