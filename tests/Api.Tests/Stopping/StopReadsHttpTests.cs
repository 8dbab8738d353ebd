using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Tests.Stopping;

public sealed class StopReadsHttpTests
{
    [Fact]
    public async Task Detail_ShowsEveryOutcomeAndClock()
    {
        await using var host = await ApiHost.StartAsync();
        var stop = Add(host, "stop-1", StopTarget.Of(Rows.Alice), StopState.Outstanding);
        host.Ledger.Outcomes[stop.Id] = [Rows.Unknown("o-1")];
        using var client = host.Trader();

        var detail = await client.GetAsync($"{ApiHost.Base}/emergency-stop/stops/stop-1").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal("USER:alice", (string?)detail["target"]);
        Assert.Equal("USER", (string?)detail["scope"]);
        Assert.Equal("RISK_VIOLATION", (string?)detail["reason_code"]);
        Assert.Equal("a test", (string?)detail["reason"]);
        Assert.Equal("2026-01-02T03:04:05.678Z", (string?)detail["requested_at"]);
        Assert.True(detail.ContainsKey("released_at") && detail["released_at"] is null);
        Assert.Equal(1.5, (double?)detail["clocks"]!["gate_closed_ms"]);
        Assert.True(detail["clocks"]!.AsObject().ContainsKey("flat_ms"));
        Assert.Equal(
            ["cancel_orders", "pause_strategies", "close_positions", "keep_protective", "cancel_only"],
            detail["options"]!.AsObject().Select(p => p.Key));
        var outcome = detail["outcomes"]![0]!.AsObject();
        Assert.Equal(["kind", "item", "outcome", "duration_ms", "filled_quantity", "phase", "reason", "attempts", "next_try", "at", "inferred"], outcome.Select(p => p.Key));
        Assert.Equal(("order", "unknown", 12.346, 0.5m), ((string?)outcome["kind"], (string?)outcome["outcome"], (double?)outcome["duration_ms"], (decimal?)outcome["filled_quantity"]));
        Assert.Equal("o-1", (string?)detail["outstanding"]![0]!["item"]);
    }

    [Theory]
    [InlineData("USER:bob")]
    [InlineData("SYSTEM")]
    [InlineData("STRATEGY:s1")]
    public async Task StopOutsideTheOwnBook_IsNotFoundForATrader(string target)
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Strategies[Rows.S1] = Rows.Strategy(Rows.S1, Rows.Bob);
        Add(host, "stop-1", StopTarget.Parse(target), StopState.Completed);
        using var client = host.Trader();

        await client.GetAsync($"{ApiHost.Base}/emergency-stop/stops/stop-1").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        await client.GetAsync($"{ApiHost.Base}/emergency-stop/stops/stop-1/events").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task History_HasItsFields()
    {
        await using var host = await ApiHost.StartAsync();
        Add(host, "stop-1", StopTarget.System, StopState.Completed);
        using var client = host.As(Role.Viewer);

        var page = await client.GetAsync($"{ApiHost.Base}/emergency-stop/history").ShouldBeAsync(HttpStatusCode.OK);

        var row = Assert.Single(page["history"]!.AsArray())!.AsObject();
        Assert.Equal(
            [
                "stop_id", "user_id", "scope", "target", "reason", "message", "success", "state", "orders_cancelled", "strategies_paused",
                "positions_closed", "execution_time_ms", "requested_by", "requested_at", "released_at", "latched_targets",
            ],
            row.Select(p => p.Key));
        Assert.Equal(("RISK_VIOLATION", "a test", 250.0), ((string?)row["reason"], (string?)row["message"], (double?)row["execution_time_ms"]));
        Assert.Null(row["user_id"]);
        Assert.True(page.ContainsKey("next_cursor"));
    }

    [Fact]
    public async Task Preview_IsForThoseWhoMaySeeTheBook()
    {
        await using var host = await ApiHost.StartAsync();
        using var viewer = host.As(Role.Viewer);
        using var trader = host.Trader();

        var preview = await viewer.PostAsync("/emergency-stop/preview", """{"scope": "SYSTEM"}""").ShouldBeAsync(HttpStatusCode.OK);
        await trader.PostAsync("/emergency-stop/preview", """{"scope": "USER"}""").ShouldBeAsync(HttpStatusCode.OK);
        await trader.PostAsync("/emergency-stop/preview", """{"scope": "SYSTEM"}""").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        Assert.Equal(3, (int?)preview["orders"]);
        Assert.Empty(host.System.Stopped);
    }

    [Fact]
    public async Task Events_ShowProgressAndEndWithTheFlow()
    {
        await using var host = await ApiHost.StartAsync(settings: ("HeartbeatMs", "100"));
        var working = Add(host, "stop-1", StopTarget.Of(Rows.Alice), StopState.Working);
        using var client = host.Trader();
        using var response = await client.GetAsync($"{ApiHost.Base}/emergency-stop/stops/stop-1/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("progress", await NextEventAsync(lines));
        Assert.Equal("heartbeat", await NextEventAsync(lines));
        host.Ledger.Outcomes[working.Id] = [Rows.Unknown("o-1")];
        while (await NextEventAsync(lines) != "progress")
        {
            // Heartbeats until the change is seen.
        }

        host.Ledger.Stops[working.Id] = working with { State = StopState.Outstanding, FinishedAt = Rows.At };
        while (await NextEventAsync(lines) != "end")
        {
            // Heartbeats until the end is seen.
        }

        var rest = await lines.ReadToEndAsync();
        Assert.DoesNotContain("event:", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_AreBoundedInNumber()
    {
        await using var host = await ApiHost.StartAsync(settings: ("MaxEventStreams", "1"));
        Add(host, "stop-1", StopTarget.Of(Rows.Alice), StopState.Working);
        using var client = host.Trader();
        var path = $"{ApiHost.Base}/emergency-stop/stops/stop-1/events";
        using var first = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

        await client.GetAsync(path).ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too_many_streams");
    }

    private static async Task<string> NextEventAsync(StreamReader lines)
    {
        string? name = null;
        while (await lines.ReadLineAsync() is { } line)
        {
            name = line.StartsWith("event: ", StringComparison.Ordinal) ? line["event: ".Length..] : name;
            if (line.Length == 0 && name is not null)
            {
                return name;
            }
        }

        return "closed";
    }

    private static Stop Add(ApiHost host, string id, StopTarget target, StopState state)
    {
        var stop = Rows.Stop(id, target, Rows.Caller(Role.RiskOfficer), state);
        return host.Ledger.Stops[stop.Id] = stop;
    }
}
