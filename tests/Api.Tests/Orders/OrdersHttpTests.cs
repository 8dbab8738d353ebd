using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Tests.Orders;

public sealed class OrdersHttpTests
{
    private const string Limit =
        """{"user_id": "alice", "strategy_id": "s1", "symbol": "btc/usd", "side": "buy", "quantity": "0.50", "type": "limit", "limit_price": 60000.25, "client_order_id": "c1"}""";

    [Fact]
    public async Task Place_Is201WithTheOrder()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Engine);

        var order = await client.PostAsync("/orders", Limit).ShouldBeAsync(HttpStatusCode.Created);

        Assert.Equal(("o-1", "c1", "open", "BTC-USD", "gtc"), ((string?)order["order_id"], (string?)order["client_order_id"], (string?)order["status"], (string?)order["symbol"], (string?)order["time_in_force"]));
        Assert.Equal("0.50", order["quantity"]!.ToJsonString());
        Assert.Equal("60000.25", order["limit_price"]!.ToJsonString());
        Assert.True(order.ContainsKey("stop_price") && order["stop_price"] is null);
        Assert.Equal(Rows.Btc, Assert.Single(host.Grains.Placed).Symbol);
    }

    [Fact]
    public async Task SameClientOrderId_IsTheSameOrder()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Engine);

        var first = await client.PostAsync("/orders", Limit).ShouldBeAsync(HttpStatusCode.Created);
        var second = await client.PostAsync("/orders", Limit).ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal((string?)first["order_id"], (string?)second["order_id"]);
    }

    [Fact]
    public async Task ClosedGate_Is423WithTheStop()
    {
        await using var host = await ApiHost.StartAsync();
        var stop = Rows.Stop("stop-1", StopTarget.Of(Rows.Btc), Rows.Caller(Role.RiskOfficer));
        host.Grains.OnPlace = _ => new PlaceAnswer.GateClosed(Rows.Latch(stop));
        using var client = host.As(Role.Engine);

        var problem = await client.PostAsync("/orders", Limit).ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");

        Assert.Equal(("stop-1", "SYMBOL:BTC-USD", "a test", "RISK_VIOLATION"), ((string?)problem["stop_id"], (string?)problem["target"], (string?)problem["reason"], (string?)problem["reason_code"]));
    }

    [Fact]
    public async Task PausedStrategy_Is423()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.OnPlace = _ => new PlaceAnswer.StrategyPaused(new StrategyPause(Rows.S1, StopTarget.System, Ids.StopId.Parse("stop-1"), 3));
        using var client = host.As(Role.Engine);

        var problem = await client.PostAsync("/orders", Limit).ShouldBeProblemAsync(HttpStatusCode.Locked, "strategy_paused");

        Assert.Equal(("s1", "SYSTEM"), ((string?)problem["strategy_id"], (string?)problem["target"]));
    }

    [Fact]
    public async Task MissingFields_AreAllNamed()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Engine);

        var problem = await client.PostAsync("/orders", "{}").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");

        Assert.Equal(["user_id", "strategy_id", "symbol", "side", "quantity", "type"], problem["errors"]!.AsObject().Select(p => p.Key));
        Assert.Empty(host.Grains.Placed);
    }

    [Fact]
    public async Task OrderThatItsRulesRefuse_Is400NamingTheField()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.OnPlace = _ => new PlaceAnswer.Invalid("limit_price", "a market order takes no limit_price.");
        using var client = host.As(Role.Engine);

        await client.PostAsync("/orders", Limit).ShouldRefuseAsync("limit_price");
    }

    [Fact]
    public async Task NothingCanBeAdmitted_Is503()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.OnPlace = _ => new PlaceAnswer.Unavailable("gone");
        using var client = host.As(Role.Engine);

        await client.PostAsync("/orders", Limit, "k").ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "ledger_unavailable");

        Assert.Empty(host.Ledger.Answers);
    }

    [Fact]
    public async Task GrainThatDoesNotAnswer_Is504AndProvesNothing()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.OnPlace = _ => throw new TimeoutException("secret detail");
        using var client = host.As(Role.Engine);

        var problem = await client.PostAsync("/orders", Limit, "k").ShouldBeProblemAsync(HttpStatusCode.GatewayTimeout, "timed_out");

        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(host.Ledger.Answers);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.RiskOfficer)]
    public async Task Place_ByARoleThatMayNot_Is403(Role role)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(role, "alice");

        await client.PostAsync("/orders", Limit).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Trader_PlacesInTheOwnBookOnly()
    {
        await using var host = await ApiHost.StartAsync();
        using var alice = host.Trader();
        using var bob = host.Trader("bob");

        await alice.PostAsync("/orders", Limit).ShouldBeAsync(HttpStatusCode.Created);
        await bob.PostAsync("/orders", Limit).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        Assert.Single(host.Grains.Placed);
    }

    [Fact]
    public async Task List_FiltersAndPages()
    {
        await using var host = await ApiHost.StartAsync();
        for (var i = 1; i <= 3; i++)
        {
            var order = Rows.Order($"o-{i}", Rows.Alice, i, i == 2 ? OrderState.Filled : OrderState.Open);
            host.Ledger.Orders[order.Id] = order;
        }

        using var client = host.As(Role.Viewer);
        var open = await client.GetAsync($"{ApiHost.Base}/orders?status=open&symbol=BTCUSD").ShouldBeAsync(HttpStatusCode.OK);
        var first = await client.GetAsync($"{ApiHost.Base}/orders?user_id=alice&limit=2").ShouldBeAsync(HttpStatusCode.OK);
        var second = await client.GetAsync($"{ApiHost.Base}/orders?limit=2&cursor={(string?)first["next_cursor"]}").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal(["o-3", "o-1"], open["orders"]!.AsArray().Select(o => (string?)o!["order_id"]));
        Assert.Equal(["o-3", "o-2"], first["orders"]!.AsArray().Select(o => (string?)o!["order_id"]));
        Assert.Equal(["o-1"], second["orders"]!.AsArray().Select(o => (string?)o!["order_id"]));
        Assert.Null(second["next_cursor"]);
    }

    [Theory]
    [InlineData("status=closed", "status")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("userid=alice", "userid")]
    [InlineData("user_id=a&user_id=b", "user_id")]
    [InlineData("user_id=a/b", "user_id")]
    [InlineData("cursor=nonsense", "cursor")]
    public async Task List_WithAWrongQuery_Is400NamingIt(string query, string field)
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Orders[Rows.Order("o-1", Rows.Alice).Id] = Rows.Order("o-1", Rows.Alice);
        using var client = host.As(Role.Viewer);

        await client.GetAsync($"{ApiHost.Base}/orders?{query}").ShouldRefuseAsync(field);
    }

    [Fact]
    public async Task Cancel_Is200OnceProvenAnd202WhileItGoesOn()
    {
        await using var host = await ApiHost.StartAsync();
        var order = Rows.Order("o-1", Rows.Alice);
        host.Ledger.Orders[order.Id] = order;
        using var client = host.As(Role.RiskOfficer);

        var done = await client.DeleteAsync($"{ApiHost.Base}/orders/o-1").ShouldBeAsync(HttpStatusCode.OK);
        host.Grains.OnCancel = o => new(o with { State = OrderState.Unknown }, Confirmed: false, "no answer");
        var going = await client.DeleteAsync($"{ApiHost.Base}/orders/o-1").ShouldBeAsync(HttpStatusCode.Accepted);

        Assert.Equal("cancelled", (string?)done["status"]);
        Assert.Equal("unknown", (string?)going["status"]);
        await client.DeleteAsync($"{ApiHost.Base}/orders/o-9").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }
}
