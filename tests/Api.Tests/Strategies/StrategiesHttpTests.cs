using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Tests.Strategies;

public sealed class StrategiesHttpTests
{
    [Fact]
    public async Task Register_ThenFindAndList()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();

        await PutAsync(client, "s1", """{"user_id": "alice", "name": "mean reversion", "callback_url": "http://127.0.0.1:7000/p"}""").ShouldBeAsync(HttpStatusCode.OK);
        var found = await client.GetAsync($"{ApiHost.Base}/strategies/s1").ShouldBeAsync(HttpStatusCode.OK);
        var list = await client.GetAsync($"{ApiHost.Base}/strategies").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal(("s1", "alice", "mean reversion"), ((string?)found["strategy_id"], (string?)found["user_id"], (string?)found["name"]));
        Assert.False((bool?)found["paused"]);
        Assert.Single(list["strategies"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"name": "x"}""", "user_id")]
    [InlineData("""{"user_id": "alice", "callback_url": "/relative"}""", "callback_url")]
    [InlineData("""{"user_id": "alice", "callback_url": "file:///etc/passwd"}""", "callback_url")]
    [InlineData("""{"user_id": "alice", "callback_url": "http://u:p@host/"}""", "callback_url")]
    [InlineData("""{"user_id": "alice", "name": "a\u0007b"}""", "name")]
    public async Task Register_WithAWrongField_Is400NamingIt(string json, string field)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();

        await PutAsync(client, "s1", json).ShouldRefuseAsync(field);
    }

    [Fact]
    public async Task Trader_CannotTakeAnothersStrategy_AnEngineMayMoveIt()
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Strategies[Rows.S1] = Rows.Strategy(Rows.S1, Rows.Bob);
        using var alice = host.Trader();
        using var engine = host.As(Role.Engine);

        await PutAsync(alice, "s1", """{"user_id": "bob"}""").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await PutAsync(alice, "s1", """{"user_id": "alice"}""").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(Rows.Bob, host.Ledger.Strategies[Rows.S1].User);
        await PutAsync(engine, "s1", """{"user_id": "alice"}""").ShouldBeAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Resume_ByARiskOfficer_GoesThroughTheGrain()
    {
        await using var host = await ApiHost.StartAsync();
        Pause(host, Rows.Caller(Role.RiskOfficer));
        using var client = host.As(Role.RiskOfficer);

        var strategy = await client.PostAsync("/strategies/s1/resume", """{"reason": "checked"}""").ShouldBeAsync(HttpStatusCode.OK);

        Assert.False((bool?)strategy["paused"]);
        Assert.Equal("checked", Assert.Single(host.Grains.Resumed).Reason);
    }

    [Fact]
    public async Task Resume_ThatTheLedgerForbids_Is403AndAudited()
    {
        await using var host = await ApiHost.StartAsync();
        Pause(host, Rows.Caller(Role.RiskOfficer));
        host.Grains.OnResume = _ => new ResumeAnswer.Forbidden("Another's stop paused this strategy.");
        using var client = host.Trader();

        await client.PostAsync("/strategies/s1/resume").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(Rows.Alice, Assert.Single(host.Grains.Resumed).By.User);
    }

    [Fact]
    public async Task Resume_BehindAClosedGate_Is423()
    {
        await using var host = await ApiHost.StartAsync();
        var stop = Pause(host, Rows.Caller(Role.Admin));
        host.Grains.OnResume = _ => new ResumeAnswer.GateClosed(Rows.Latch(stop));
        using var client = host.As(Role.Admin);

        await client.PostAsync("/strategies/s1/resume").ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");
        host.Grains.OnResume = _ => new ResumeAnswer.NotFound();
        await client.PostAsync("/strategies/s1/resume").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Positions_AreFiltered()
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Positions =
        [
            new AttributedPosition(Ids.AccountId.Parse("alice"), Rows.Alice, Rows.S1, Rows.Btc, -0.25m),
            new AttributedPosition(Ids.AccountId.Parse("bob"), Rows.Bob, null, Rows.Btc, 1m),
        ];
        using var client = host.Trader();

        var answer = await client.GetAsync($"{ApiHost.Base}/positions?symbol=BTC%2FUSD").ShouldBeAsync(HttpStatusCode.OK);

        var position = Assert.Single(answer["positions"]!.AsArray())!;
        Assert.Equal(("alice", "s1", -0.25m), ((string?)position["user_id"], (string?)position["strategy_id"], (decimal?)position["quantity"]));
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string id, string json) =>
        client.PutAsync($"{ApiHost.Base}/strategies/{id}", ApiHost.Json(json));

    private static Stop Pause(ApiHost host, Caller by)
    {
        var stop = Rows.Stop("stop-1", StopTarget.Of(Rows.Alice), by);
        host.Ledger.Stops[stop.Id] = stop;
        host.Ledger.Strategies[Rows.S1] = Rows.Strategy(Rows.S1, Rows.Alice, new StrategyPause(Rows.S1, stop.Target, stop.Id, 8));
        return stop;
    }
}
