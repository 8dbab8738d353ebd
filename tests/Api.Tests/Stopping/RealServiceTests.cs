using System.Net;
using System.Text.Json.Nodes;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Stopping;

/// <summary>The calls against the real grains, the real ledger and the simulated venue.</summary>
[Trait("Host", "Both")]
public sealed class RealServiceTests
{
    private const string Resting =
        """{"user_id": "alice", "strategy_id": "s1", "symbol": "AAPL", "side": "buy", "quantity": 1, "type": "limit", "limit_price": "1.5"}""";

    [Fact]
    public async Task Panic_CancelsPausesAndHolds_UntilReleasedAndResumed()
    {
        await using var service = await RealService.StartAsync();
        using var alice = (await service.AddKeyAsync(Role.Trader, "alice")).Client;
        var order = await alice.PostAsync("/orders", Resting).ShouldBeAsync(HttpStatusCode.Created);

        var stop = await alice.PostAsync("/emergency-stop/panic").ShouldBeAsync(HttpStatusCode.OK);
        Assert.Equal(("completed", 1, 1), ((string?)stop["state"], (int?)stop["orders_cancelled"], (int?)stop["strategies_paused"]));
        var found = await alice.GetAsync($"{ApiHost.Base}/orders/{(string?)order["order_id"]}").ShouldBeAsync(HttpStatusCode.OK);
        Assert.Equal("cancelled", (string?)found["status"]);
        var refused = await alice.PostAsync("/orders", Resting).ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");
        Assert.Equal((string?)stop["stop_id"], (string?)refused["stop_id"]);
        await alice.PostAsync("/strategies/s1/resume").ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");

        var release = await alice.PostAsync($"/emergency-stop/stops/{(string?)stop["stop_id"]}/release", """{"reason": "mended"}""").ShouldBeAsync(HttpStatusCode.OK);
        Assert.True((bool?)release["gate_open"]);
        Assert.Equal("s1", (string?)Assert.Single(release["still_paused"]!.AsArray()));
        await alice.PostAsync("/orders", Resting).ShouldBeProblemAsync(HttpStatusCode.Locked, "strategy_paused");
        await alice.PostAsync("/strategies/s1/resume").ShouldBeAsync(HttpStatusCode.OK);
        await alice.PostAsync("/orders", Resting).ShouldBeAsync(HttpStatusCode.Created);

        var history = await alice.GetAsync($"{ApiHost.Base}/emergency-stop/history").ShouldBeAsync(HttpStatusCode.OK);
        Assert.NotNull(Assert.Single(history["history"]!.AsArray())!["released_at"]);
    }

    [Fact]
    public async Task LatchKeysAndAnswers_SurviveARestart()
    {
        await using var service = await RealService.StartAsync();
        var (engine, engineSecret) = await service.AddSecretAsync(Role.Engine);
        var (officer, officerSecret) = await service.AddSecretAsync(Role.RiskOfficer);
        var order = await engine.PostAsync("/orders", Resting, "order-1").ShouldBeAsync(HttpStatusCode.Created);
        var stop = await officer.PostAsync("/emergency-stop/symbol/aapl/stop", null, "stop-1").ShouldBeAsync(HttpStatusCode.OK);

        await service.RestartAsync();
        using var engineAgain = service.As(engineSecret);
        using var officerAgain = service.As(officerSecret);

        await engineAgain.PostAsync("/orders", Resting).ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");
        var sameOrder = await engineAgain.PostAsync("/orders", Resting, "order-1").ShouldBeAsync(HttpStatusCode.Created);
        var sameStop = await officerAgain.PostAsync("/emergency-stop/symbol/aapl/stop", null, "stop-1").ShouldBeAsync(HttpStatusCode.OK);
        await officerAgain.PostAsync("/emergency-stop/symbol/msft/stop", null, "stop-1")
            .ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");

        Assert.Equal(order.ToJsonString(), sameOrder.ToJsonString());
        Assert.Equal((string?)stop["stop_id"], (string?)sameStop["stop_id"]);
        engine.Dispose();
        officer.Dispose();
    }

    [Fact]
    public async Task RevokedKey_IsRefusedWithinASecond_AndRefusalsAreInTheAudit()
    {
        await using var service = await RealService.StartAsync();
        var (viewer, id) = await service.AddKeyAsync(Role.Viewer);
        using (viewer)
        {
            await viewer.PostAsync("/emergency-stop/system/stop").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
            await service.Ledger.RevokeKeyAsync(id, "test", TimeProvider.System.GetUtcNow(), CancellationToken.None);
            var began = TimeProvider.System.GetTimestamp();
            while ((await viewer.GetAsync($"{ApiHost.Base}/orders")).StatusCode != HttpStatusCode.Unauthorized)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(5), "The revoked key is still good after 5 s.");
            }
        }

        var audit = await service.Ledger.AuditAsync(0, 100, CancellationToken.None);
        Assert.Single(audit, e => e.Entry.Action == "stop.refused");
        Assert.Null((await service.Ledger.VerifyAuditAsync(CancellationToken.None)).FirstBroken);
    }

    [Fact]
    public async Task Pages_FollowEachOther_AndAForeignCursorIsRefused()
    {
        await using var service = await RealService.StartAsync();
        using var engine = (await service.AddKeyAsync(Role.Engine)).Client;
        for (var i = 0; i < 3; i++)
        {
            await engine.PostAsync("/orders", Resting).ShouldBeAsync(HttpStatusCode.Created);
        }

        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            JsonObject page = await engine.GetAsync($"{ApiHost.Base}/orders?status=open&limit=2{(cursor is null ? string.Empty : $"&cursor={cursor}")}")
                .ShouldBeAsync(HttpStatusCode.OK);
            seen.AddRange(page["orders"]!.AsArray().Select(o => (string?)o!["order_id"]));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(3, seen.Distinct().Count());
        await engine.GetAsync($"{ApiHost.Base}/orders?cursor=!!").ShouldRefuseAsync("cursor");
        await engine.GetAsync($"{ApiHost.Base}/emergency-stop/history?cursor=abc").ShouldRefuseAsync("cursor");
    }
}
