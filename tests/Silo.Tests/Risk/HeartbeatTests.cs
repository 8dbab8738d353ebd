using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests.Risk;

/// <summary>The dead-man's switch, through the running service.</summary>
public sealed class HeartbeatTests
{
    [Fact]
    public async Task F14_F22_AMissedHeartbeat_StopsTheStrategy_AndTheNextBeatArmsItAgain()
    {
        await using var service = await RiskService.StartAsync();
        await service.PlaceAsync("alice");
        for (var i = 0; i < 5; i++)
        {
            await BeatAsync(service);
            await Task.Delay(300);
        }

        Assert.Equal(HttpStatusCode.Created, (await service.PlaceAsync("alice")).Status);
        var stop = await service.RefusedAsync("alice");
        Assert.Equal(
            ("CONNECTIVITY_ISSUE", "STRATEGY:s1", "heartbeat STRATEGY:s1"), (Text(stop, "reason"), Text(stop, "target"), Text(stop, "requested_by")));
        Assert.StartsWith("no heartbeat of STRATEGY:s1 for ", Text(stop, "message"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await service.PlaceAsync("alice", "s2")).Status);
        var missed = await service.Officer.UntilAsync("heartbeats", h => h["heartbeats"]![0]!["stop_id"] is not null);
        Assert.Equal("missed", Text(missed["heartbeats"]![0]!, "state"));

        // It comes back, is armed again, and dies while its stop stands: that needs no second one.
        await BeatAsync(service);
        await service.Officer.UntilAsync("heartbeats", h => Text(h["heartbeats"]![0]!, "state") == "missed" && h["heartbeats"]![0]!["armings"]!.GetValue<int>() == 2);
        Assert.Equal(1, await service.StopsAsync());
        await service.ReleaseAsync(Text(stop, "stop_id"));
        await BeatAsync(service);
        await service.RefusedAsync("alice");
        Assert.Equal(2, await service.StopsAsync());
    }

    [Fact]
    public async Task F17_AnArmedSwitch_SurvivesAKill_AndHasItsWholeTimeoutAgain()
    {
        await using var service = await RiskService.StartAsync();
        await service.PlaceAsync("alice");
        await BeatAsync(service, timeout: 4_000);
        await BeatAsync(service, timeout: 60_000, name: "patient");
        await service.KillAndRestartAsync();
        var since = Stopwatch.GetTimestamp();
        Assert.Equal(0, await service.StopsAsync());
        await service.RefusedAsync("alice");
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 2.5, 30); // Not before its whole timeout after the start.
        Assert.Equal(1, await service.StopsAsync());
    }

    [Fact]
    public async Task AServiceThatStoodStill_TakesNobodyForSilent()
    {
        await using var service = await RiskService.StartAsync();
        await service.PlaceAsync("alice");
        await BeatAsync(service);
        using var enough = new CancellationTokenSource();
        var beating = KeepBeatingAsync(service, enough.Token);
        for (var i = 0; i < 3; i++)
        {
            await service.StandStillAsync(TimeSpan.FromSeconds(2.5));
            await Task.Delay(700);
        }

        Assert.Equal(0, await service.StopsAsync());
        await enough.CancelAsync();
        await beating;
        await service.RefusedAsync("alice");
    }

    [Fact]
    public async Task ASwitch_IsDisarmedByName_AndATraderSeesAndTouchesTheOwnOnly()
    {
        await using var service = await RiskService.StartAsync();
        using var alice = await service.TraderAsync("alice");
        using var bob = await service.TraderAsync("bob");
        await service.PlaceAsync("alice");
        await BeatAsync(service);
        var (refused, _) = await bob.PostAsync("heartbeats", new { strategy_id = "s1", timeout_ms = 60_000 });
        var (notHis, _) = await bob.SendAsync(HttpMethod.Delete, "heartbeats/STRATEGY:s1?reason=mine");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (refused, notHis));
        Assert.Empty((await bob.GetAsync("heartbeats")).Body["heartbeats"]!.AsArray());
        var (taken, problem) = await alice.PostAsync("heartbeats", new { user_id = "alice", timeout_ms = 60_000, name = "STRATEGY:s1" });
        Assert.Equal((HttpStatusCode.Conflict, "heartbeat_name_taken"), (taken, Text(problem, "code")));
        var (status, body) = await alice.SendAsync(HttpMethod.Delete, "heartbeats/STRATEGY%3As1?reason=end%20of%20day");
        Assert.Equal((HttpStatusCode.OK, "disarmed", "alice"), (status, Text(body, "state"), Text(body, "by")));
        await Task.Delay(2_500);
        Assert.Equal((0, HttpStatusCode.Created), (await service.StopsAsync(), (await service.PlaceAsync("alice")).Status));
    }

    [Fact]
    public async Task ABeatThatIsWrong_NamesItsField()
    {
        (string Body, string Field)[] wrong =
        [
            ("""{"timeout_ms": 5000}""", "user_id"),
            ("""{"strategy_id": "s1"}""", "timeout_ms"),
            ("""{"strategy_id": "s1", "timeout_ms": 999}""", "timeout_ms"),
            ("""{"strategy_id": "s1", "timeout_ms": 5000, "close_positions": true, "cancel_orders": false}""", "close_positions"),
            ("""{"strategy_id": "s1", "timeout_ms": 5000, "name": "a/b"}""", "name"),
        ];
        await using var service = await RiskService.StartAsync();
        foreach (var (body, field) in wrong)
        {
            var (status, problem) = await service.Engine.PostAsync("heartbeats", JsonNode.Parse(body));
            Assert.Equal((HttpStatusCode.BadRequest, field, body), (status, Text(problem, "field"), body));
        }
    }

    private static async Task KeepBeatingAsync(RiskService service, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await BeatAsync(service);
            await Task.Delay(300, CancellationToken.None);
        }
    }

    private static async Task BeatAsync(RiskService service, int timeout = 1_500, string? name = null)
    {
        var body = new JsonObject { ["strategy_id"] = "s1", ["timeout_ms"] = timeout };
        if (name is not null)
        {
            body["name"] = name;
        }

        var (status, answer) = await service.Engine.PostAsync("heartbeats", body);
        Assert.True(status == HttpStatusCode.OK && Text(answer, "state") == "armed", answer.ToJsonString());
    }

    private static string Text(JsonNode node, string field) => node[field]?.GetValue<string>() ?? string.Empty;
}
