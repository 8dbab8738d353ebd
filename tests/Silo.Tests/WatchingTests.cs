using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests;

/// <summary>The service beside a venue process: what turns up behind a closed gate, links that go silent, hours, and one dead account.</summary>
public sealed class WatchingTests : IAsyncLifetime
{
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

    [Fact]
    public async Task F1_OrderPlacedPast_AVenueThatPushesNothing_IsFoundAndEnded_UntilTheRelease()
    {
        await _engine.PlaceAsync("alice");
        var stop = await StopAsync(new { reason = "drill", scope = "SYSTEM" });
        await _officer.UntilAsync(stop, IsCompleted);
        await _venue.PlacePastAsync("alice", "past-us");
        var whole = await _officer.UntilAsync(stop, s => s["orders_cancelled"]!.GetValue<int>() == 2 && IsCompleted(s));
        Assert.Contains(whole["outcomes"]!.AsArray(), o => o!["item"]!.GetValue<string>() == "past-us");
        Assert.Empty(await _venue.OpenOrdersAsync());

        Assert.Equal(HttpStatusCode.OK, (await _officer.PostAsync($"{stop}/release", new { reason = "settled" })).Status);
        await _venue.PlacePastAsync("alice", "after-the-release");
        await Task.Delay(TimeSpan.FromSeconds(5)); // Two looks, were there any.
        Assert.Single(await _venue.OpenOrdersAsync());
    }

    [Fact]
    public async Task F26_HalfOpenLink_IsSilentNotUp_AndAStopMeanwhileGoesOnAtItsReturn()
    {
        await _engine.PlaceAsync("alice");
        await _officer.UntilAsync("emergency-stop/status", s => Venue(s)["state"]!.GetValue<string>() == "up");
        await _venue.SetFaultsAsync(new { silent = true });
        var silent = await _officer.UntilAsync("emergency-stop/status", s => Venue(s)["state"]!.GetValue<string>() == "silent");
        Assert.Equal("degraded", silent["system_status"]!.GetValue<string>());
        Assert.Equal("alice", Venue(silent)["accounts"]![0]!["account_id"]!.GetValue<string>());
        Assert.True(Venue(silent)["age_ms"]!.GetValue<double>() > 0, silent.ToJsonString());

        var stop = await StopAsync(new { reason = "drill", scope = "SYSTEM" });
        var early = await _officer.UntilAsync(stop, s => s["state"]!.GetValue<string>() == "outstanding");
        Assert.Equal(0, early["orders_cancelled"]!.GetValue<int>());
        await _venue.SetFaultsAsync(new { silent = false });
        await _officer.UntilAsync(stop, IsCompleted);
        Assert.Empty(await _venue.OpenOrdersAsync());
        await _officer.UntilAsync("emergency-stop/status", s => Venue(s)["state"]!.GetValue<string>() == "up");

        // Said on change, not with every heartbeat; a busy machine may be silent once more of its own.
        var said = _service.Output.Split('\n').Count(l => l.Contains("takes calls and says nothing", StringComparison.Ordinal));
        Assert.InRange(said, 1, 3);
    }

    [Fact]
    public async Task F24_ClosedMarket_TheStopNamesTheReopening_AndEndsThen()
    {
        await _engine.PlaceAsync("alice");
        await _engine.PostAsync("orders", new { user_id = "alice", strategy_id = "s1", symbol = "AAPL", side = "buy", quantity = 3, type = "market" });
        await _venue.SetMarketAsync(new { open = false, next_open = DateTimeOffset.UtcNow.AddSeconds(15), cancels = "refused" });
        var stop = await StopAsync(new { reason = "drill", scope = "SYSTEM", close_positions = true });
        var early = await _officer.UntilAsync(stop, s => s["outstanding"]!.AsArray().Any(o => o!["phase"]?.GetValue<string>() == "market_closed"));
        Assert.NotNull(early["outstanding"]!.AsArray().First(o => o!["phase"]?.GetValue<string>() == "market_closed")!["next_try"]);
        await _officer.UntilAsync(stop, IsCompleted);
        Assert.Empty(await _venue.OpenOrdersAsync());
        Assert.Empty((await _officer.GetAsync("positions?user_id=alice")).Body["positions"]!.AsArray());
    }

    [Fact]
    public async Task SystemStop_IsNotSlowedByOneDeadAccount()
    {
        foreach (var user in (string[])["alice", "bob", "carol"])
        {
            await _engine.PlaceAsync(user);
        }

        await _venue.SetFaultsAsync(new { silent = true, only_account = "bob" });
        var began = TimeProvider.System.GetTimestamp();
        var stop = await StopAsync(new { reason = "drill", scope = "SYSTEM" });
        await _officer.UntilAsync(stop, s => s["orders_cancelled"]!.GetValue<int>() == 2);
        var took = TimeProvider.System.GetElapsedTime(began);
        Assert.True(took < TimeSpan.FromSeconds(10), $"alice and carol waited {took.TotalSeconds} s");
        Assert.Single(await _venue.OpenOrdersAsync());
        await _venue.SetFaultsAsync(new { silent = false });
        await _officer.UntilAsync(stop, IsCompleted);
    }

    private static bool IsCompleted(JsonNode stop) => stop["state"]!.GetValue<string>() == "completed";

    private static JsonNode Venue(JsonNode status) => status["venues"]![0]!;

    private async Task<string> StopAsync(object body)
    {
        var (_, answer) = await _officer.PostAsync("emergency-stop/execute?wait_ms=0", body);
        return $"emergency-stop/stops/{answer["stop_id"]!.GetValue<string>()}";
    }
}
