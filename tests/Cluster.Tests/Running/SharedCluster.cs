using System.Diagnostics;
using System.Net;
using EmergencyStop.Silo.Tests;
using EmergencyStop.Soak;
using EmergencyStop.Soak.Service;
using EmergencyStop.Stopping;

namespace EmergencyStop.Cluster.Tests.Running;

/// <summary>One cluster for all tests, with TLS between its processes, and the traffic and the stops that all of them have seen.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCluster : IAsyncLifetime, ICollectionFixture<SharedCluster>
{
    public const string Name = "cluster";

    private readonly TempFolder _certificates = new();
    private readonly List<PressedStop> _stops = [];
    private ClusterWorld? _world;

    internal Traffic Traffic { get; } = new(Environment.TickCount);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        _certificates.Dispose();
    }

    /// <summary>The cluster, whole, at a venue that is well. Skips the test where there is no PostgreSQL.</summary>
    public async Task<ClusterWorld> WholeAsync()
    {
        _world ??= await ClusterWorld.StartAsync(new ClusterCertificates(_certificates.Path).Make("own"));
        await _world.Venue.SetFaultsAsync(new { latency_ms = 0 });
        await _world.StartMissingAsync();
        await ReleaseLeftAsync(_world);
        return _world;
    }

    /// <summary>What a test that failed has left closed is no other test's matter.</summary>
    private async Task ReleaseLeftAsync(ClusterWorld world)
    {
        using var officer = world.Officer();
        await Traffic.EndAsync();
        foreach (var stop in _stops.Where(s => s is { StopId: not null, ReleaseAskedAt: null }))
        {
            await CompletedAsync(officer, stop);
            await ReleaseAsync(officer, stop);
        }
    }

    /// <summary>Presses, and notes when the answer came.</summary>
    internal async Task<PressedStop> PressAsync(ServiceClient officer, StopTarget target, string key, int waitMs = 0, bool close = false)
    {
        var stop = _stops.Find(s => s.Key == key);
        if (stop is null)
        {
            _stops.Add(stop = new(target, key, close));
        }

        var body = new { reason = "cluster", scope = target.Scope.ToString().ToUpperInvariant(), target = target == StopTarget.System ? null : target.Value, close_positions = close };
        var (status, answer) = await officer.SendAsync(HttpMethod.Post, $"emergency-stop/execute?wait_ms={waitMs}", body, key);
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{(int)status}: {answer.ToJsonString()}");
        var id = answer["stop_id"]!.GetValue<string>();
        Assert.True(stop.StopId is null || stop.StopId == id, $"law 6: key {key} gave {stop.StopId} and {id}");
        (stop.StopId, stop.AnsweredAt) = (id, stop.AnsweredAt ?? Stopwatch.GetTimestamp());
        return stop;
    }

    /// <summary>Waits until a stop is completed.</summary>
    internal static async Task CompletedAsync(ServiceClient officer, PressedStop stop) =>
        await officer.UntilAsync($"emergency-stop/stops/{stop.StopId}", s => s["state"]?.GetValue<string>() == "completed");

    /// <summary>Compares what callers were told, the venue's own record and the ledger, by the laws.</summary>
    internal async Task<string> CompareAsync(ClusterWorld world)
    {
        await using var ledger = world.OpenLedger();
        var witness = new ServiceWitness(ledger, Traffic.Heard, _stops, await world.Venue.OrdersAsync(), await world.Venue.PositionsAsync());
        witness.Check();
        return witness.Summary;
    }

    /// <summary>Releases a stop, and lets its strategies trade on.</summary>
    internal static async Task ReleaseAsync(ServiceClient officer, PressedStop stop)
    {
        stop.ReleaseAskedAt = Stopwatch.GetTimestamp();
        var (status, answer) = await officer.PostAsync($"emergency-stop/stops/{stop.StopId}/release", new { reason = "cluster", resume_strategies = true });
        Assert.True(status == HttpStatusCode.OK, $"{(int)status}: {answer.ToJsonString()}");
    }
}
