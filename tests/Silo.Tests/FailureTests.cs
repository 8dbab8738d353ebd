using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EmergencyStop.Silo.Tests;

/// <summary>Failures of real kill switches that show only from outside the whole service.</summary>
public sealed partial class FailureTests : IAsyncLifetime
{
    private const int Orders = 100;
    private const int MostAlarms = 10;

    private readonly TempFolder _data = new();
    private Simulator _venue = null!; // Set in InitializeAsync, which xunit calls first.
    private ServiceProcess _service = null!;
    private ServiceClient _engine = null!;
    private ServiceClient _officer = null!;
    private string _officerKey = null!;

    public async Task InitializeAsync()
    {
        _venue = await Simulator.StartAsync();
        _service = await ServiceProcess.StartSiloAsync(_data.Path, _venue.Url);
        _officerKey = await ServiceClient.MakeKeyAsync(_data.Path, "risk_officer");
        _engine = ServiceClient.Of(_service, await ServiceClient.MakeKeyAsync(_data.Path, "engine"));
        _officer = ServiceClient.Of(_service, _officerKey);
    }

    public async Task DisposeAsync()
    {
        _engine.Dispose();
        _officer.Dispose();
        await _service.DisposeAsync();
        await _venue.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task F14_EveryTrigger_EndsInARefusedOrder()
    {
        (string Route, string? Body)[] triggers =
        [
            ("emergency-stop/execute", """{"reason":"r","scope":"USER","user_id":"alice"}"""),
            ("emergency-stop/execute", """{"reason":"r","scope":"USER/SYMBOL","target":"USER:alice/SYMBOL:AAPL"}"""),
            ("emergency-stop/panic", """{"user_id":"alice"}"""),
            ("emergency-stop/strategy/s1/stop", null),
            ("emergency-stop/symbol/AAPL/stop", null),
            ("emergency-stop/system/stop", null),
        ];
        foreach (var (route, body) in triggers)
        {
            var (placed, order) = await _engine.PlaceAsync("alice"); // What was released before takes orders again.
            Assert.True(placed == HttpStatusCode.Created, $"before {route}: {order.ToJsonString()}");

            var (status, answer) = await _officer.PostAsync(route, body is null ? null : JsonNode.Parse(body));

            Assert.True(status == HttpStatusCode.OK, $"{route}: {answer.ToJsonString()}");
            var (refused, problem) = await _engine.PlaceAsync("alice");
            Assert.True(refused == (HttpStatusCode)423, $"after {route}: {problem.ToJsonString()}");
            Assert.Equal(answer["stop_id"]!.GetValue<string>(), problem["stop_id"]!.GetValue<string>());
            Assert.Empty(await _venue.OpenOrdersAsync("alice"));
            var (released, told) = await _officer.PostAsync($"emergency-stop/stops/{answer["stop_id"]}/release", new { reason = "drill over", resume_strategies = true });
            Assert.True(released == HttpStatusCode.OK, $"after {route}: {told.ToJsonString()}");
        }
    }

    [Fact]
    public async Task F14_TheCommandLine_EndsInARefusedOrder()
    {
        var key = Path.Combine(_data.Path, "key");
        await File.WriteAllTextAsync(key, _officerKey);

        var (code, output, error) = await ServiceProcess.RunAsync(
            "Silo", "stop", "system", "--reason", "drill", "--yes", "--url", _service.Url.ToString(), "--key-file", key, "--json");

        Assert.True(code == 0, output + error);
        var (refused, problem) = await _engine.PlaceAsync("alice");
        Assert.Equal((HttpStatusCode)423, refused);
        Assert.Equal(JsonNode.Parse(output)!["stop_id"]!.GetValue<string>(), problem["stop_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task F27_AStopInTrouble_AlarmsFewTimes_AndNamesItself()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Orders), async (_, _) => await _engine.PlaceAsync("alice"));
        var before = Alarms().Length;
        await _venue.SetFaultsAsync(new { down = true });

        var (_, answer) = await _officer.PostAsync("emergency-stop/execute?wait_ms=0", new { reason = "drill", scope = "USER", user_id = "alice" });
        var id = answer["stop_id"]!.GetValue<string>();
        await _officer.UntilAsync($"emergency-stop/stops/{id}", s => s["state"]!.GetValue<string>() == "outstanding");
        await Task.Delay(TimeSpan.FromSeconds(3)); // Goes on failing.

        var alarms = Alarms()[before..];
        Assert.True(alarms.Length is >= 2 and <= MostAlarms, string.Join('\n', alarms)); // That it is engaged, and that it is outstanding, at least.
        Assert.Contains(alarms, a => a.Contains(id, StringComparison.Ordinal) && a.Contains("outstanding", StringComparison.Ordinal));
    }

    /// <summary>What the log says at warning level and above.</summary>
    private string[] Alarms() => [.. _service.Output.Split('\n').Where(line => Alarm().IsMatch(line))];

    [GeneratedRegex(@"^\S+Z (warn|fail|crit): ")]
    private static partial Regex Alarm();
}
