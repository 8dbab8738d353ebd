using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests;

/// <summary>The real adapter against a venue process in trouble: nothing is claimed without evidence, and all of it ends.</summary>
public sealed class VenueTroubleTests : IAsyncLifetime
{
    private const int Orders = 25;

    private readonly TempFolder _data = new();
    private Simulator _venue = null!; // Set in InitializeAsync, which xunit calls first.
    private ServiceProcess _service = null!;
    private ServiceClient _engine = null!;
    private ServiceClient _officer = null!;

    public async Task InitializeAsync()
    {
        _venue = await Simulator.StartAsync();
        _service = await ServiceProcess.StartSiloAsync(_data.Path, _venue.Url);
        _engine = ServiceClient.Of(_service, await ServiceClient.MakeKeyAsync(_data.Path, "engine"));
        _officer = ServiceClient.Of(_service, await ServiceClient.MakeKeyAsync(_data.Path, "risk_officer"));
    }

    public async Task DisposeAsync()
    {
        _engine.Dispose();
        _officer.Dispose();
        await _service.DisposeAsync();
        await _venue.DisposeAsync();
        _data.Dispose();
    }

    [Theory]
    [InlineData("""{"lose_answers": 1}""", """{"lose_answers": 0}""")]
    [InlineData("""{"down": true}""", """{"down": false}""")]
    public async Task F3_F8_Stop_WhileTheVenueCannotBeRead_ClaimsNothing_AndEndsWhenItReturns(string trouble, string recovery)
    {
        await PlaceAsync();
        await _venue.SetFaultsAsync(JsonNode.Parse(trouble)!);
        var (_, answer) = await StopAsync(waitMs: 0);
        var stop = $"emergency-stop/stops/{answer["stop_id"]!.GetValue<string>()}";
        var early = await _officer.UntilAsync(stop, s => s["state"]!.GetValue<string>() == "outstanding");
        Assert.Equal(0, early["orders_cancelled"]!.GetValue<int>());
        Assert.NotEmpty(early["outstanding"]!.AsArray());
        var (refused, problem) = await _officer.PostAsync($"{stop}/release", new { reason = "too early" });
        Assert.Equal((HttpStatusCode.Conflict, "obligations_open"), (refused, problem["code"]!.GetValue<string>()));

        await _venue.SetFaultsAsync(JsonNode.Parse(recovery)!);
        var whole = await _officer.UntilAsync(stop, s => s["state"]!.GetValue<string>() == "completed");
        Assert.Equal(Orders, whole["orders_cancelled"]!.GetValue<int>());
        Assert.Empty(await _venue.OpenOrdersAsync());
        Assert.Equal(HttpStatusCode.OK, (await _officer.PostAsync($"{stop}/release", new { reason = "settled" })).Status);
    }

    [Fact]
    public async Task F24_Stop_BehindARateLimit_StillEndsEveryOrder()
    {
        await PlaceAsync();
        await _venue.SetFaultsAsync(new { rate_limit_per_second = 5 });
        var (_, answer) = await StopAsync(waitMs: 0, scope: "SYMBOL");
        var whole = await _officer.UntilAsync(
            $"emergency-stop/stops/{answer["stop_id"]!.GetValue<string>()}", s => s["state"]!.GetValue<string>() == "completed");
        Assert.Equal(Orders, whole["orders_cancelled"]!.GetValue<int>());
        await _venue.SetFaultsAsync(new { rate_limit_per_second = 0 });
        Assert.Empty(await _venue.OpenOrdersAsync());
    }

    [Fact]
    public async Task F1_Stop_WithLateAcknowledgements_LeavesNothingBehind()
    {
        await _venue.SetFaultsAsync(new { late_ack_ms = 700 });
        var placing = Enumerable.Range(0, Orders).Select(_ => _engine.PlaceAsync("alice")).ToArray();
        await Task.Delay(200);
        var (_, answer) = await StopAsync(waitMs: 0);
        await Task.WhenAll(placing);
        await _officer.UntilAsync(
            $"emergency-stop/stops/{answer["stop_id"]!.GetValue<string>()}", s => s["state"]!.GetValue<string>() == "completed");
        Assert.Empty(await _venue.OpenOrdersAsync());
    }

    [Fact]
    public async Task Panic_ClosesThePositionAtTheVenue()
    {
        await _engine.PostAsync("orders", new { user_id = "alice", strategy_id = "s1", symbol = "AAPL", side = "buy", quantity = 7, type = "market" });
        await _engine.PostAsync("orders", new { user_id = "alice", strategy_id = "s1", symbol = "btc/usd", side = "sell", quantity = 0.5, type = "market" });
        await PlaceAsync();
        var (status, result) = await _officer.PostAsync("emergency-stop/panic", new { user_id = "alice", wait_ms = 20_000 });
        Assert.Equal((HttpStatusCode.OK, "completed"), (status, result["state"]!.GetValue<string>()));
        Assert.Equal((Orders, 2), (result["orders_cancelled"]!.GetValue<int>(), result["positions_closed"]!.GetValue<int>()));
        Assert.Empty((await _officer.GetAsync("positions?user_id=alice")).Body["positions"]!.AsArray());
    }

    private Task<(HttpStatusCode Status, JsonNode Body)> StopAsync(int waitMs, string scope = "USER") => _officer.PostAsync(
        $"emergency-stop/execute?wait_ms={waitMs}",
        scope == "USER" ? new { reason = "drill", scope, user_id = "alice" } : new { reason = "drill", scope, symbol = "AAPL" });

    private async Task PlaceAsync()
    {
        for (var i = 0; i < Orders; i++)
        {
            var (status, body) = await _engine.PlaceAsync("alice");
            Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        }
    }
}
