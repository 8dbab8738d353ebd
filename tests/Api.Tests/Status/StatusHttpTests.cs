using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Tests.Status;

public sealed class StatusHttpTests
{
    private static readonly Stop System = Rows.Stop("stop-1", StopTarget.System, Rows.Caller(Role.Admin));

    [Fact]
    public async Task Status_OfAQuietService()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Viewer);

        var status = await client.GetAsync($"{ApiHost.Base}/emergency-stop/status").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal(("operational", 0, 100.0, 0), ((string?)status["system_status"], (int?)status["total_emergency_stops"], (double?)status["success_rate"], (int?)status["active_stops"]));
        Assert.Equal(("solo", "memory", true), ((string?)status["host"], (string?)status["ledger"]!["kind"], (bool?)status["ledger"]!["writable"]));
        Assert.Equal(("simulated", "up"), ((string?)status["venues"]![0]!["name"], (string?)status["venues"]![0]!["state"]));
    }

    [Theory]
    [InlineData("system", "stopped")]
    [InlineData("venue", "degraded")]
    [InlineData("ledger", "degraded")]
    [InlineData("outstanding", "degraded")]
    [InlineData("system and venue", "stopped")]
    [InlineData("user", "operational")]
    public async Task Status_InOneWord(string trouble, string word)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Viewer);
        if (trouble.Contains("system", StringComparison.Ordinal))
        {
            host.Ledger.Gate = new GateView(9, [Rows.Latch(System)], []);
        }
        else if (trouble == "user")
        {
            host.Ledger.Gate = new GateView(9, [Rows.Latch(Rows.Stop("stop-2", StopTarget.Of(Rows.Alice), Rows.Caller(Role.Admin)))], []);
        }

        if (trouble.Contains("venue", StringComparison.Ordinal))
        {
            host.Venues = [new("simulated", "down", Rows.At, "refused")];
        }

        host.Ledger.Health = new("memory", trouble != "ledger", null);
        host.Ledger.Counts = new(4, 2, 1, trouble == "outstanding" ? 1 : 0);

        var status = await client.GetAsync($"{ApiHost.Base}/emergency-stop/status").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal(word, (string?)status["system_status"]);
        Assert.Equal(66.67, (double?)status["success_rate"]);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("?user_id=bob&symbol=BTC-USD", true)]
    [InlineData("?user_id=alice", false)]
    [InlineData("?user_id=alice&symbol=AAPL", false)]
    [InlineData("?user_id=alice&symbol=BTC-USD", false)]
    public async Task Gate_SaysWhichStopsHoldIt(string query, bool open)
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Gate = new GateView(9, [Rows.Latch(Rows.Stop("stop-2", StopTarget.Of(Rows.Alice), Rows.Caller(Role.Admin)))], []);
        using var client = host.As(Role.Viewer);

        var gate = await client.GetAsync($"{ApiHost.Base}/gate{query}").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal(open, (bool?)gate["open"]);
        Assert.Equal(9, (int?)gate["number"]);
        Assert.Equal(open ? [] : ["stop-2"], gate["latches"]!.AsArray().Select(l => (string?)l!["stop_id"]));
    }

    [Fact]
    public async Task Gate_ShowsPauses()
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Strategies[Rows.S1] = Rows.Strategy(Rows.S1, Rows.Alice, new StrategyPause(Rows.S1, StopTarget.Of(Rows.Alice), System.Id, 8));
        using var client = host.As(Role.Viewer);

        var own = await client.GetAsync($"{ApiHost.Base}/gate?user_id=alice&strategy_id=s1").ShouldBeAsync(HttpStatusCode.OK);
        var other = await client.GetAsync($"{ApiHost.Base}/gate?user_id=bob&strategy_id=s1").ShouldBeAsync(HttpStatusCode.OK);

        Assert.False((bool?)own["open"]);
        Assert.Equal("USER:alice", (string?)own["paused"]![0]!["target"]);
        Assert.True((bool?)other["open"]);
    }
}
