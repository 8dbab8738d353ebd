using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests.Risk;

/// <summary>The running service against a venue process, with short waits for the risk rules.</summary>
internal sealed class RiskService : IAsyncDisposable
{
    private readonly TempFolder _data = new();
    private readonly Dictionary<string, string> _settings;
    private string _engineKey = string.Empty;
    private string _officerKey = string.Empty;
    private ServiceProcess _process = null!; // Started by StartAsync before anybody sees this.

    private RiskService(Simulator venue, IEnumerable<(string Name, string Value)> settings)
    {
        Venue = venue;
        _settings = new(StringComparer.Ordinal)
        {
            ["Risk__LookEvery"] = "00:00:00.200",
            ["Risk__RulesEvery"] = "00:00:00.100",
            ["Risk__StaleAfter"] = "00:00:01",
            // These tests need their orders at the venue, however slow the machine is at its first one.
            ["Orders__SendWindow"] = "00:00:20",
            ["Venues__Alpaca__ConnectTimeout"] = "00:00:10",
        };
        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }
    }

    public Simulator Venue { get; }

    public string Folder => _data.Path;

    public ServiceClient Engine { get; private set; } = null!; // As above.

    public ServiceClient Officer { get; private set; } = null!; // As above.

    public string Output => _process.Output;

    /// <summary>The process stands still for a while, as a paused guest does.</summary>
    public async Task StandStillAsync(TimeSpan time)
    {
        await SignalAsync("-STOP");
        await Task.Delay(time);
        await SignalAsync("-CONT");
    }

    public static async Task<RiskService> StartAsync(params (string Name, string Value)[] settings)
    {
        var service = new RiskService(await Simulator.StartAsync(), settings);
        (service._engineKey, service._officerKey) =
            (await ServiceClient.MakeKeyAsync(service.Folder, "engine"), await ServiceClient.MakeKeyAsync(service.Folder, "risk_officer"));
        await service.OpenAsync();
        return service;
    }

    public async Task<ServiceClient> TraderAsync(string user) => ServiceClient.Of(_process, await ServiceClient.MakeKeyAsync(Folder, "trader", user));

    /// <summary>kill -9, and another process over the same files.</summary>
    public async Task KillAndRestartAsync()
    {
        await _process.KillAsync();
        Close();
        await _process.DisposeAsync();
        await OpenAsync();
    }

    public async Task RuleAsync(string id, object rule)
    {
        var (status, body) = await Officer.SendAsync(HttpMethod.Put, $"risk/rules/{id}", rule);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
    }

    /// <summary>An order that rests below whatever price these tests set.</summary>
    public Task<(HttpStatusCode Status, JsonNode Body)> PlaceAsync(string user, string strategy = "s1") => Engine.PlaceAsync(user, strategy, price: 0.001m);

    /// <summary>Buys at the market and waits for the fill, so that there is a position.</summary>
    public async Task BuyAsync(string user, int quantity, string strategy = "s1")
    {
        var (status, body) = await Engine.PostAsync(
            "orders", new { user_id = user, strategy_id = strategy, symbol = "AAPL", side = "buy", quantity, type = "market" });
        Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        await Engine.UntilAsync($"orders/{body["order_id"]}", o => o["status"]!.GetValue<string>() == "filled");
    }

    /// <summary>What the rule says of the user once it says that.</summary>
    public async Task<JsonNode> FigureAsync(string user, string rule, Func<JsonNode, bool> enough)
    {
        var shown = await Officer.UntilAsync($"risk/users/{user}", u => Of(u, rule) is { } figure && enough(figure));
        return Of(shown, rule)!; // It was there.
    }

    /// <summary>Waits until the rule has measured, and written what it measures from: it does not measure again before.</summary>
    public async Task MeasuredAsync(string user, string rule)
    {
        await FigureAsync(user, rule, f => f["value"] is not null);
        for (var readings = 0; readings < 2; readings++)
        {
            var before = await ReadAtAsync(user);
            await Officer.UntilAsync($"risk/users/{user}", u => u["read_at"]!.GetValue<string>() != before);
        }
    }

    /// <summary>Waits for the stop of this user, and sees that the next order is refused by it.</summary>
    /// <returns>The stop as the history shows it.</returns>
    public async Task<JsonNode> RefusedAsync(string user, string strategy = "s1")
    {
        JsonNode? problem = null;
        await Simulator.UntilAsync(async () =>
        {
            (var status, problem) = await PlaceAsync(user, strategy);
            return status == (HttpStatusCode)423;
        });
        var stop = problem!["stop_id"]!.GetValue<string>(); // A refused order names its stop.
        var history = await Officer.UntilAsync("emergency-stop/history", h => h["history"]!.AsArray().Any(s => s!["stop_id"]!.GetValue<string>() == stop));
        return history["history"]!.AsArray().Single(s => s!["stop_id"]!.GetValue<string>() == stop)!;
    }

    public async Task ReleaseAsync(string stop)
    {
        await Officer.UntilAsync($"emergency-stop/stops/{stop}", s => s["state"]!.GetValue<string>() == "completed");
        var (status, body) = await Officer.PostAsync($"emergency-stop/stops/{stop}/release", new { reason = "looked into", resume_strategies = true });
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
    }

    public async Task<int> StopsAsync() => (await Officer.GetAsync("emergency-stop/history")).Body["history"]!.AsArray().Count;

    public async ValueTask DisposeAsync()
    {
        Close();
        await _process.DisposeAsync();
        await Venue.DisposeAsync();
        _data.Dispose();
    }

    private async Task<string> ReadAtAsync(string user) => (await Officer.GetAsync($"risk/users/{user}")).Body["read_at"]!.GetValue<string>();

    private static JsonNode? Of(JsonNode user, string rule) =>
        user["rules"]?.AsArray().FirstOrDefault(r => r!["rule_id"]!.GetValue<string>() == rule);

    private async Task OpenAsync()
    {
        _process = await ServiceProcess.StartWithAsync(Folder, _settings, "--venue-url", Venue.Url.ToString());
        (Engine, Officer) = (ServiceClient.Of(_process, _engineKey), ServiceClient.Of(_process, _officerKey));
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", $"{signal} {_process.Id}");
        await kill.WaitForExitAsync();
    }

    private void Close()
    {
        Engine.Dispose();
        Officer.Dispose();
    }
}
