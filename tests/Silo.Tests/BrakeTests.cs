using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests;

/// <summary>Law 10 with real parts: a ledger that stalls under a running service, a venue in a process of its own, kill -9.</summary>
public sealed class BrakeTests : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private Simulator _venue = null!; // Set in InitializeAsync, which xunit calls first.
    private string _engineKey = string.Empty;
    private string _officerKey = string.Empty;
    private string _aliceKey = string.Empty;

    public async Task InitializeAsync()
    {
        _venue = await Simulator.StartAsync();
        _engineKey = await ServiceClient.MakeKeyAsync(_data.Path, "engine");
        _officerKey = await ServiceClient.MakeKeyAsync(_data.Path, "risk_officer");
        _aliceKey = await ServiceClient.MakeKeyAsync(_data.Path, "trader", "alice");
    }

    public async Task DisposeAsync()
    {
        await _venue.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Panic_WhileTheLedgerStalls_CancelsAndIsSpooled_SurvivesAKill_IsRecordedOnce_AndStaysReleased()
    {
        string id;
        using (var held = await BrakeAndKillAsync())
        {
            id = held.StopId;
            var (code, output, error) = await ServiceProcess.RunAsync("Silo", "--data", _data.Path, "--urls", "http://127.0.0.1:0");
            Assert.True(code == 2, $"exit code {code}: {output}{error}");
            var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("holds the ledger", line, StringComparison.Ordinal);
            Assert.Contains($"2 stops ({id}, ", line, StringComparison.Ordinal);
        }

        await using (var service = await ServiceProcess.StartSiloAsync(_data.Path, _venue.Url))
        {
            await RecordedAsync(service, id);
            using var officer = ServiceClient.Of(service, _officerKey);
            using var alice = ServiceClient.Of(service, _aliceKey);
            var (_, again) = await alice.SendAsync(HttpMethod.Post, "emergency-stop/panic", idempotencyKey: "press-1");
            Assert.Equal((id, true, "closed"), (Text(again, "stop_id"), again["recorded"]!.GetValue<bool>(), Text(again, "gate"))); // law 6
            var (released, body) = await officer.PostAsync($"emergency-stop/stops/{id}/release", new { reason = "over" });
            Assert.True(released == HttpStatusCode.OK, body.ToJsonString());
            await service.KillAsync();
        }

        await using var last = await ServiceProcess.StartSiloAsync(_data.Path, _venue.Url);
        using var engine = ServiceClient.Of(last, _engineKey);
        Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice", "s2")).Status); // s1 stays paused.
        Assert.Equal(0, (await ServiceProcess.RunAsync("Silo", "audit", "verify", "--data", _data.Path)).Code);
    }

    [Fact]
    public async Task StartThatWaitsForTheLedger_ServesStopsFromTheMirror_AndBecomesTheWholeService()
    {
        var url = FreePort();
        string first;
        string second;
        ServiceProcess service;
        using (var held = await BrakeAndKillAsync())
        {
            first = held.StopId;
            service = await ServiceProcess.StartBrakingAsync(_data.Path, url, _venue.Url);
            await _venue.PlaceAsync("alice", "AAPL");
            await Simulator.UntilAsync(async () => (await _venue.OpenOrdersAsync("alice")).Length == 0);
            using var officer = ServiceClient.Of(service, _officerKey);
            var (status, stop) = await officer.PostAsync("emergency-stop/system/stop?wait_ms=10000", new { reason = "all of it" });
            Assert.True(status == HttpStatusCode.OK && !stop["recorded"]!.GetValue<bool>(), stop.ToJsonString());
            second = Text(stop, "stop_id");
            Assert.Empty(await _venue.OpenOrdersAsync());
            using var unknown = ServiceClient.Of(service, _officerKey[..^1] + (_officerKey[^1] == 'A' ? 'Q' : 'A'));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await unknown.PostAsync("emergency-stop/system/stop")).Status);
            using var engine = ServiceClient.Of(service, _engineKey);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await engine.PlaceAsync("bob")).Status);
            var (_, byStrategy) = await officer.PostAsync("emergency-stop/strategy/s1/stop?wait_ms=0", new { reason = "blind" });
            Assert.Contains("cannot tell which orders are the strategy", byStrategy.ToJsonString(), StringComparison.Ordinal);
        }

        await using (service)
        {
            await service.ReadyAsync();
            await RecordedAsync(service, first);
            await RecordedAsync(service, second);
        }
    }

    [Fact]
    public async Task TornRecord_IsToldOf_AndIsNoStop()
    {
        await File.WriteAllTextAsync(Path.Combine(_data.Path, "stops.spool"), "ESTOPSP1 and then the power went");
        await using var service = await ServiceProcess.StartSiloAsync(_data.Path);
        using var engine = ServiceClient.Of(service, _engineKey);
        Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice")).Status);
        Assert.Contains("1 records of the spool", service.Output, StringComparison.Ordinal);
    }

    /// <summary>Leaves a spooled stop of alice's book behind, with the ledger locked still.</summary>
    private async Task<Held> BrakeAndKillAsync()
    {
        await using var service = await ServiceProcess.StartSiloAsync(_data.Path, _venue.Url);
        using var engine = ServiceClient.Of(service, _engineKey);
        using var alice = ServiceClient.Of(service, _aliceKey);
        await engine.PostAsync("orders", new { user_id = "alice", strategy_id = "s1", symbol = "MSFT", side = "buy", quantity = 7, type = "market" });
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("alice")).Status);
        }

        Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("bob")).Status);
        var held = new LedgerLock(_data.Path);
        var pressed = Stopwatch.GetTimestamp();
        var (status, quick) = await alice.SendAsync(HttpMethod.Post, "emergency-stop/panic?wait_ms=0", idempotencyKey: "press-1");
        var took = Stopwatch.GetElapsedTime(pressed);
        Assert.True(took < TimeSpan.FromSeconds(4), $"The answer took {took}: a commit would have been waited for.");
        Assert.True(status == HttpStatusCode.Accepted, quick.ToJsonString());
        Assert.Equal((false, "unproven", "working"), (quick["recorded"]!.GetValue<bool>(), Text(quick, "gate"), Text(quick, "state")));
        var id = Text(quick, "stop_id");

        var (_, settled) = await alice.SendAsync(HttpMethod.Post, "emergency-stop/panic?wait_ms=20000", idempotencyKey: "press-1");
        Assert.Equal((id, "outstanding", 12), (Text(settled, "stop_id"), Text(settled, "state"), settled["orders_cancelled"]!.GetValue<int>()));
        Assert.Empty(await _venue.OpenOrdersAsync("alice"));
        Assert.Single(await _venue.OpenOrdersAsync("bob")); // law 7
        await SeenFromOutsideAsync(service, engine, alice, id);
        await service.KillAsync();
        return new(held, id);
    }

    private async Task SeenFromOutsideAsync(ServiceProcess service, ServiceClient engine, ServiceClient alice, string id)
    {
        foreach (var user in (string[])["alice", "bob"])
        {
            var (status, problem) = await engine.PlaceAsync(user);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "stop_unrecorded", id), (status, Text(problem, "code"), Text(problem, "stop_id")));
        }

        Assert.False((await alice.GetAsync($"emergency-stop/stops/{id}")).Body["recorded"]!.GetValue<bool>());
        using var http = new HttpClient();
        var ready = await http.GetFromJsonAsync<JsonNode>(new Uri(service.Url, "/health/ready"));
        Assert.True(ready!["degraded"]!.GetValue<bool>());
        var keyFile = Path.Combine(_data.Path, "officer.key");
        await File.WriteAllTextAsync(keyFile, _officerKey);
        var (_, shown, _) = await ServiceProcess.RunAsync("Silo", "status", "--url", service.Url.ToString(), "--key-file", keyFile);
        Assert.Contains($"NOT RECORDED: 1 stops wait for the ledger, and nothing is admitted until they are in it: {id}", shown, StringComparison.Ordinal);
        var (code, stopped, _) = await ServiceProcess.RunAsync(
            "Silo", "stop", "user", "bob", "--reason", "drill", "--wait", "1", "--url", service.Url.ToString(), "--key-file", keyFile);
        Assert.Contains("*** NOT RECORDED: the ledger is down.", stopped, StringComparison.Ordinal);
        Assert.NotEqual(0, code);
        Assert.Equal(2, service.Output.Split("is NOT RECORDED").Length - 1); // One line a stop.
        Assert.True(service.Output.Split("The ledger is DOWN").Length - 1 <= 1);
    }

    private async Task RecordedAsync(ServiceProcess service, string id)
    {
        using var officer = ServiceClient.Of(service, _officerKey);
        using var engine = ServiceClient.Of(service, _engineKey);
        var whole = await officer.UntilAsync($"emergency-stop/stops/{id}", s => Text(s, "state") == "completed");
        Assert.Equal((true, "closed"), (whole["recorded"]!.GetValue<bool>(), Text(whole, "gate")));
        Assert.Equal(HttpStatusCode.Locked, (await engine.PlaceAsync("alice")).Status);
        var (_, history) = await officer.GetAsync("emergency-stop/history?limit=500");
        Assert.Single(history["history"]!.AsArray(), s => Text(s!, "stop_id") == id);
        Assert.Empty((await officer.GetAsync("positions?user_id=alice")).Body["positions"]!.AsArray());
    }

    private static Uri FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://{listener.LocalEndpoint}");
    }

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? string.Empty;

    private sealed record Held(LedgerLock Lock, string StopId) : IDisposable
    {
        public void Dispose() => Lock.Dispose();
    }
}
