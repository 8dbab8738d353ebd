using System.Text.Json.Nodes;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.Tests;

/// <summary>The commands against a running service, and the client library below them, as a person or a script uses them.</summary>
[Trait("Host", "Any")]
public sealed class StopCommandTests : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private ServiceProcess _service = null!; // Set in InitializeAsync, which xunit calls first.
    private string _officer = null!;
    private string _alice = null!;

    public async Task InitializeAsync()
    {
        _service = await ServiceProcess.StartSiloAsync(_data.Path);
        _officer = await ServiceClient.MakeKeyAsync(_data.Path, "risk_officer");
        _alice = await ServiceClient.MakeKeyAsync(_data.Path, "trader", "alice");
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Panic_ThenRelease_ByCommand()
    {
        await using var trader = Client(_alice);
        var order = await trader.PlaceOrderAsync(Resting("alice"));
        Assert.Equal(order.OrderId, (await trader.OrdersAsync(new() { OpenOnly = true }).SingleAsync()).OrderId);

        var (code, output, error) = await RunAsync(_alice, "stop", "panic", "--json");
        Assert.True(code == 0, output + error);
        var stop = JsonNode.Parse(output)!["stop_id"]!.GetValue<string>();
        Assert.Equal(1, JsonNode.Parse(output)!["orders_cancelled"]!.GetValue<int>());
        Assert.Equal(OrderState.Cancelled, (await trader.FindOrderAsync(order.OrderId)).Status);

        var closed = await Assert.ThrowsAsync<EmergencyStopException>(() => trader.PlaceOrderAsync(Resting("alice")));
        Assert.Equal(("gate_closed", 423, stop), (closed.Problem.Code, closed.Problem.Status, closed.Problem.StopId));
        Assert.Equal(stop, Assert.Single((await trader.GateAsync()).Latches).StopId);

        (code, output, _) = await RunAsync(_alice, "watch", stop, "--json");
        Assert.Equal((0, "end"), (code, JsonNode.Parse(output.Trim().Split('\n')[^1])!["news"]!.GetValue<string>()));
        (code, output, error) = await RunAsync(_alice, "release", stop, "--reason", "drill over");
        Assert.True(code == 0, output + error);
        Assert.Contains("Still paused until each is resumed: s1", output, StringComparison.Ordinal);
        Assert.Empty((await trader.GateAsync()).Latches);

        (_, output, _) = await RunAsync(_officer, "history");
        Assert.Contains(stop, output, StringComparison.Ordinal);
        Assert.Contains("USER:alice", output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync(_officer, "status");
        Assert.Equal(0, code);
        Assert.Contains("operational", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SystemStop_WithoutATerminal_NeedsYes()
    {
        var (code, _, error) = await RunAsync(_officer, "stop", "system", "--reason", "drill");
        Assert.Equal(1, code);
        Assert.Contains("--yes", error, StringComparison.Ordinal);
        await using var officer = Client(_officer);
        Assert.Equal(0, (await officer.StatusAsync()).TotalEmergencyStops);

        (code, var output, error) = await RunAsync(_officer, "stop", "system", "--reason", "drill", "--yes");
        Assert.True(code == 0, output + error);
        Assert.Contains("completed", output, StringComparison.Ordinal);
        Assert.Equal(SystemStatus.Stopped, (await officer.StatusAsync()).SystemStatus);
    }

    [Fact]
    public async Task SameIdempotencyKey_IsTheSameStop()
    {
        string[] line = ["stop", "user", "alice", "--reason", "drill", "--idempotency-key", "drill-1", "--json"];
        var (_, first, _) = await RunAsync(_officer, line);
        var (_, second, _) = await RunAsync(_officer, [.. line, "--wait", "0"]);
        Assert.Equal(JsonNode.Parse(first)!["stop_id"]!.GetValue<string>(), JsonNode.Parse(second)!["stop_id"]!.GetValue<string>());
        await using var officer = Client(_officer);
        Assert.Equal(1, (await officer.StatusAsync()).TotalEmergencyStops);
    }

    [Fact]
    public async Task History_IsReadThroughItsPages()
    {
        await using var officer = Client(_officer);
        const int stops = 103; // One page has 100.
        for (var i = 0; i < stops; i++)
        {
            await officer.RiskEmergencyStopAsync(StopTarget.OfStrategy($"s{i}"), "limit", new() { Wait = TimeSpan.Zero });
        }

        var history = await officer.HistoryAsync().ToListAsync();
        Assert.Equal(stops, history.Select(h => h.StopId).Distinct().Count());
        Assert.All(history, h => Assert.Equal(EmergencyStopReason.RiskViolation, h.Reason));
        Assert.Equal("STRATEGY:s102", history[0].Target);
        var detail = await officer.FindStopAsync(history[0].StopId);
        Assert.Equal(("limit", true), (detail.Reason, detail.HoldsGate));
        Assert.Equal("STRATEGY:s102", Assert.Single((await officer.PreviewAsync(StopTarget.OfStrategy("s102"))).Latches).Target);
    }

    [Fact]
    public async Task Refusals_ExitWith5_UnreachableWith6_AndMistakesWith1()
    {
        Assert.Equal(5, (await RunAsync(_alice, "stop", "system", "--reason", "no right to", "--yes")).Code);
        Assert.Equal(5, (await RunAsync("esk_nobody", "status")).Code);
        var (code, _, error) = await RunAsync(_officer, "watch", "no-such-stop");
        Assert.Equal((1, true), (code, error.Contains("not_found", StringComparison.Ordinal)));
        Assert.Equal(1, (await RunAsync(_officer, "stop", "strategy", "--reason", "no id")).Code);
        Assert.Equal(1, (await RunAsync(_officer, "stop", "user", "alice")).Code);
        (code, _, error) = await ServiceProcess.RunAsync("Silo", "status", "--url", "http://127.0.0.1:1", "--key-file", KeyFile(_officer));
        Assert.Equal((6, true), (code, error.Contains("No answer from", StringComparison.Ordinal)));
        (code, _, error) = await ServiceProcess.RunAsync("Silo", "status", "--key-file", Path.Combine(_data.Path, "missing"));
        Assert.Equal((1, true), (code, error.Contains("missing", StringComparison.Ordinal)));
    }

    private static NewOrder Resting(string user) => new(user, "s1", "AAPL", OrderSide.Buy, 1, OrderType.Limit) { LimitPrice = 50 };

    private EmergencyStopClient Client(string key) => new(new() { Url = _service.Url, ApiKey = key });

    private string KeyFile(string key)
    {
        var file = Path.Combine(_data.Path, $"{key[..Math.Min(12, key.Length)]}.key");
        File.WriteAllText(file, key + "\n");
        return file;
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string key, params string[] line) =>
        ServiceProcess.RunAsync("Silo", [.. line, "--url", _service.Url.ToString(), "--key-file", KeyFile(key)]);
}
