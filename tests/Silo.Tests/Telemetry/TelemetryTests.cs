using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests.Telemetry;

/// <summary>What reaches those who watch the service, over a real export.</summary>
public sealed class TelemetryTests
{
    private static readonly string[] Expected =
    [
        "emergency_stop.stops.engaged", "emergency_stop.stops.reached", "emergency_stop.stops.clock", "emergency_stop.gate.refusals",
        "emergency_stop.gate.latches", "emergency_stop.orders.admitted", "emergency_stop.obligations.oldest_age",
        "emergency_stop.ledger.commit.duration", "emergency_stop.ledger.batch.size", "emergency_stop.ledger.writable",
        "emergency_stop.venue.call.duration", "emergency_stop.venue.up", "http.server.request.duration",
    ];

    [Fact]
    public async Task Stop_IsExportedAsMetrics_AndAsOneTraceFromThePressToTheVenue()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var simulator = await Simulator.StartAsync();
        using var data = new TempFolder();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "trader", "alice");
        await using var service = await ServiceProcess.StartWithAsync(data.Path, Patient(receiver), "--venue-url", simulator.Url.ToString());
        using var alice = ServiceClient.Of(service, key);
        var (placed, order) = await alice.PlaceAsync("alice");
        Assert.Equal(HttpStatusCode.Created, placed);
        await alice.UntilAsync($"orders/{order["order_id"]}", o => o["status"]!.GetValue<string>() == "open"); // Else there is nothing to cancel.
        var (_, stop) = await alice.PostAsync("emergency-stop/panic?wait_ms=20000");
        var id = stop["stop_id"]!.GetValue<string>();
        Assert.Equal("completed", stop["state"]!.GetValue<string>());
        Assert.Equal((HttpStatusCode)423, (await alice.PlaceAsync("alice")).Status);

        await UntilAsync(() => Expected.All(receiver.Metrics.ContainsKey) && receiver.Metrics["emergency_stop.stops.clock"].Points.Count >= 3, () => string.Join('\n', receiver.Metrics.Keys));
        Assert.Contains("gate_closed", receiver.Metrics["emergency_stop.stops.clock"].Points.Select(p => p["clock"]));
        Assert.Contains(receiver.Metrics["emergency_stop.gate.refusals"].Points, p => p["scope"] == "user" && p["cause"] == "gate_closed");
        Assert.Contains(receiver.Metrics["emergency_stop.venue.call.duration"].Points, p => p["operation"] == "cancel");
        AssertBounded(receiver, "alice", id, "s1", "AAPL");
        AssertDocumented(receiver);

        await UntilAsync(
            () => receiver.Spans.Any(s => s.Name.StartsWith("POST", StringComparison.Ordinal) && s.Attributes.GetValueOrDefault("stop_id") == id)
                && new[] { "stop.engage", "stop.pass", "stop.sweep", "stop.verify" }.All(n => receiver.Spans.Any(s => s.Name == n)), // A span is exported once it has ended.
            () => string.Join('\n', receiver.Spans));
        var root = receiver.Spans.First(s => s.Name.StartsWith("POST", StringComparison.Ordinal) && s.Attributes.GetValueOrDefault("stop_id") == id);
        var trace = receiver.Spans.Where(s => s.TraceId == root.TraceId).ToArray();
        var cancel = trace.First(s => s.Name == "venue.cancel");
        Assert.Equal(["stop.sweep", "stop.pass"], Above(trace, cancel).Where(n => n.StartsWith("stop.", StringComparison.Ordinal)));
        Assert.Equal(root.Name, Above(trace, cancel)[^1]);
        Assert.Contains(trace, s => s.Name == "stop.engage" && s.Attributes["stop_id"] == id);
        Assert.Contains(trace, s => s.Name == "stop.verify" && s.Attributes["stop_id"] == id);
    }

    [Fact]
    public async Task LaterPass_IsATraceOfItsOwn_ThatLinksToThePress()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var simulator = await Simulator.StartAsync();
        using var data = new TempFolder();
        var key = await ServiceClient.MakeKeyAsync(data.Path, "trader", "alice");
        await using var service = await ServiceProcess.StartWithAsync(data.Path, Patient(receiver), "--venue-url", simulator.Url.ToString());
        using var alice = ServiceClient.Of(service, key);
        await alice.PlaceAsync("alice");
        await simulator.SetFaultsAsync(new { lose_answers = 1.0 });
        var (_, stop) = await alice.PostAsync("emergency-stop/panic?wait_ms=0");
        var id = stop["stop_id"]!.GetValue<string>();

        bool Later(ExportedSpan s) => s.Name == "stop.pass" && s.Attributes["stop_id"] == id && s.LinkedTraces.Count == 1;
        await UntilAsync(() => receiver.Spans.Any(Later), () => string.Join('\n', receiver.Spans.Select(s => s.Name)));
        var later = receiver.Spans.First(Later);
        Assert.NotEqual(later.TraceId, later.LinkedTraces[0]);
        Assert.Contains(receiver.Spans, s => s.TraceId == later.LinkedTraces[0] && s.Name == "stop.engage");
        await UntilAsync(() => receiver.Metrics.ContainsKey("emergency_stop.obligations.open"), () => string.Join('\n', receiver.Metrics.Keys));
        Assert.Contains(receiver.Metrics["emergency_stop.obligations.open"].Points, p => p["outcome"] == "unknown");
    }

    [Fact]
    public async Task Runtime_ShowsWhatTheGrainsDo()
    {
        using var data = new TempFolder();
        var engine = await ServiceClient.MakeKeyAsync(data.Path, "engine");
        var viewer = await ServiceClient.MakeKeyAsync(data.Path, "viewer");
        await using var service = await ServiceProcess.StartSiloAsync(data.Path);
        using var strategies = ServiceClient.Of(service, engine);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await strategies.PlaceAsync(i % 2 == 0 ? "alice" : "bob")).Status);
        }

        using var reader = ServiceClient.Of(service, viewer);
        var runtime = await reader.UntilAsync("runtime", r => Method(r, "IUserGrain.PlaceAsync") is not null);

        var place = Method(runtime, "IUserGrain.PlaceAsync")!;
        Assert.Equal(20, place["calls"]!.GetValue<long>());
        Assert.True(place["p99_ms"]!.GetValue<double>() > 0);
        Assert.True(place["mean_ms"]!.GetValue<double>() > 0);
        Assert.True(runtime["calls_per_second"]!.GetValue<double>() > 0);
        Assert.Empty(runtime["failing"]!.AsArray());
        Assert.Equal(2, runtime["activations"]!.AsArray().Single(a => a!["grain"]!.GetValue<string>() == "user")!["activations"]!.GetValue<long>());
    }

    /// <summary>The order must be open at the venue, however slow the machine is at its first one.</summary>
    private static Dictionary<string, string> Patient(OtlpReceiver receiver) => new(receiver.Environment, StringComparer.Ordinal)
    {
        ["Orders__SendWindow"] = "00:00:20",
        ["Venues__Alpaca__ConnectTimeout"] = "00:00:10",
    };

    private static JsonNode? Method(JsonNode runtime, string name) =>
        runtime["methods"]?.AsArray().FirstOrDefault(m => m!["method"]!.GetValue<string>() == name);

    /// <summary>No attribute of a metric of ours is ever an id.</summary>
    private static void AssertBounded(OtlpReceiver receiver, params string[] ids)
    {
        var values = receiver.Metrics.Values
            .Where(m => m.Name.StartsWith("emergency_stop.", StringComparison.Ordinal))
            .SelectMany(m => m.Points.SelectMany(p => p.Values));
        Assert.Empty(values.Where(v => ids.Any(i => v.Contains(i, StringComparison.OrdinalIgnoreCase))));
    }

    /// <summary>The page for those on call names every metric, by the name that Prometheus gives it, and none that is not.</summary>
    private static void AssertDocumented(OtlpReceiver receiver)
    {
        ExportedMetric[] seldom =
        [
            new("emergency_stop.stops.failed_passes", "{pass}", "counter", []), new("emergency_stop.stops.released", "{stop}", "counter", []),
            new("emergency_stop.ledger.failures", "{batch}", "counter", []), new("emergency_stop.api.rate_limited", "{request}", "counter", []),
            new("emergency_stop.strategy.callback.duration", "s", "histogram", []), new("emergency_stop.obligations.open", "{obligation}", "gauge", []),
            new("emergency_stop.events.handled", "{event}", "counter", []), new("emergency_stop.events.failed_attempts", "{attempt}", "counter", []),
            new("emergency_stop.events.set_aside", "{event}", "counter", []),
            new("emergency_stop.risk.breaches", "{breach}", "counter", []), new("emergency_stop.risk.failures", "{failure}", "counter", []),
            new("emergency_stop.risk.unreadable", "{look}", "counter", []), new("emergency_stop.risk.heartbeats_missed", "{heartbeat}", "counter", []),
        ];
        var exported = receiver.Metrics.Values.Where(m => m.Name.StartsWith("emergency_stop.", StringComparison.Ordinal)).Concat(seldom).ToArray();
        var page = File.ReadAllText(Path.Combine(SettingsPageTests.Root(), "docs", "on-call.md"));
        var named = System.Text.RegularExpressions.Regex.Matches(page, "emergency_stop_[a-z_]+", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Select(m => m.Value).ToHashSet();

        Assert.Empty(named.Except(exported.SelectMany(m => m.PrometheusNames)));
        Assert.Empty(exported.Where(m => !m.PrometheusNames.Any(named.Contains)).Select(m => m.Name));
    }

    /// <summary>The names of the spans above one, nearest first.</summary>
    private static List<string> Above(ExportedSpan[] trace, ExportedSpan span)
    {
        var names = new List<string>();
        while (trace.FirstOrDefault(s => s.SpanId == span.ParentId) is { } parent)
        {
            names.Add(parent.Name);
            span = parent;
        }

        return names;
    }

    private static async Task UntilAsync(Func<bool> condition, Func<string> otherwise)
    {
        for (var i = 0; i < 600 && !condition(); i++)
        {
            await Task.Delay(100);
        }

        Assert.True(condition(), otherwise());
    }
}
