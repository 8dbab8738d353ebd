using System.Net;
using System.Text;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Tests.Stopping;

public sealed class StoppingHttpTests
{
    private static readonly string[] ResultFields =
    [
        "success", "state", "message", "stop_id", "orders_cancelled", "strategies_paused", "positions_closed", "execution_time_ms",
        "gate_closed_ms", "outstanding", "errors", "unprotected_positions", "recorded", "gate", "warnings", "latched_targets",
    ];

    public static TheoryData<string?, string?> EmptyBodies => new()
    {
        { null, null }, { string.Empty, null }, { string.Empty, "application/json" }, { "{}", "application/json" }, { "{}", null }, { " \r\n", null },
    };

    [Theory]
    [MemberData(nameof(EmptyBodies))]
    public async Task Panic_WithAnEmptyBody_StopsTheCallersBook(string? body, string? contentType)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();
        using var content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content?.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var result = await client.PostAsync($"{ApiHost.Base}/emergency-stop/panic", content).ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal(ResultFields.Order(StringComparer.Ordinal), result.Select(p => p.Key).Order(StringComparer.Ordinal));
        var request = Assert.Single(host.System.Stopped);
        Assert.Equal("USER:alice", request.Target.Value);
        Assert.Equal(StopOptions.Panic, request.Options);
        Assert.Equal(EmergencyStopReason.UserInitiated, request.ReasonCode);
    }

    [Fact]
    public async Task Panic_ByAKeyWithoutAUser_NeedsAUserId()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.RiskOfficer);

        await client.PostAsync("/emergency-stop/panic").ShouldRefuseAsync("user_id");
        await client.PostAsync("/emergency-stop/panic", """{"user_id": "bob"}""").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal("USER:bob", Assert.Single(host.System.Stopped).Target.Value);
    }

    [Fact]
    public async Task Trader_WhoStopsAnotherOrEverything_Is403AndAudited()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();
        host.Ledger.Strategies[Rows.S1] = Rows.Strategy(Rows.S1, Rows.Bob);

        await client.PostAsync("/emergency-stop/panic", """{"user_id": "bob"}""").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await client.PostAsync("/emergency-stop/system/stop").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await client.PostAsync("/emergency-stop/strategy/s1/stop").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        Assert.Empty(host.System.Stopped);
        Assert.Equal(
            [("stop.refused", "USER:bob"), ("stop.refused", "SYSTEM"), ("stop.refused", "STRATEGY:s1")],
            host.Ledger.AuditEntries.Select(e => (e.Action, e.Subject)));
    }

    [Theory]
    [InlineData("/emergency-stop/strategy/s1/stop", "STRATEGY:s1")]
    [InlineData("/emergency-stop/symbol/BTC%2FUSD/stop", "SYMBOL:BTC-USD")]
    [InlineData("/emergency-stop/symbol/BTC%252FUSD/stop", "SYMBOL:BTC-USD")]
    [InlineData("/emergency-stop/symbol/btc%2fusd/stop", "SYMBOL:BTC-USD")]
    [InlineData("/emergency-stop/symbol/AAPL/stop", "SYMBOL:AAPL")]
    [InlineData("/emergency-stop/system/stop", "SYSTEM")]
    public async Task ScopeRoutes_StopTheirScope(string path, string target)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.RiskOfficer);

        await client.PostAsync(path).ShouldBeAsync(HttpStatusCode.OK);

        var request = Assert.Single(host.System.Stopped);
        Assert.Equal(target, request.Target.Value);
        Assert.Equal(new StopOptions(), request.Options);
    }

    [Fact]
    public async Task TradersSymbolStop_IsOneInTheOwnBook()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();

        await client.PostAsync("/emergency-stop/symbol/BTC%2FUSD/stop").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal("USER:alice/SYMBOL:BTC-USD", Assert.Single(host.System.Stopped).Target.Value);
    }

    [Fact]
    public async Task Execute_HandsEverythingOn()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.RiskOfficer);

        await client.PostAsync(
            "/emergency-stop/execute?wait_ms=0",
            """{"scope": "STRATEGY", "target": "s1", "reason": "runs away", "reason_code": "RISK_VIOLATION", "close_positions": true, "keep_protective": true}""",
            "key-1").ShouldBeAsync(HttpStatusCode.OK);

        var request = Assert.Single(host.System.Stopped);
        Assert.Equal(new StopOptions(true, true, true, true, false), request.Options);
        Assert.Equal(("runs away", EmergencyStopReason.RiskViolation, "key-1"), (request.Reason, request.ReasonCode, request.IdempotencyKey));
        Assert.Equal(64, request.BodyHash!.Length);
        Assert.Equal(TimeSpan.Zero, Assert.Single(host.System.Waits));
    }

    [Theory]
    [InlineData("""{"scope": "SYSTEM"}""", "reason")]
    [InlineData("""{"scope": "SYSTEM", "reason": "x", "close_positions": true, "cancel_orders": false}""", "close_positions")]
    [InlineData("""{"scope": "SYSTEM", "reason": "x", "cancel_only": true, "pause_strategies": true}""", "cancel_only")]
    [InlineData("""{"scope": "SYSTEM", "reason": "x", "reason_code": "BOREDOM"}""", "reason_code")]
    [InlineData("""{"scope": "SYSTEM", "reason": "x", "wait_ms": -1}""", "wait_ms")]
    [InlineData("""{"scope": "SYSTEM", "reason": "x", "surprise": 1}""", "surprise")]
    public async Task Execute_WithAWrongField_Is400NamingIt(string json, string field)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.Admin);

        await client.PostAsync("/emergency-stop/execute", json).ShouldRefuseAsync(field);

        Assert.Empty(host.System.Stopped);
    }

    [Fact]
    public async Task StopThatIsStillWorking_Is202WithItsLocation()
    {
        await using var host = await ApiHost.StartAsync();
        host.System.EndsAs = StopState.Working;
        using var client = host.Trader();

        var answer = client.PostAsync("/emergency-stop/panic", """{"wait_ms": 0}""");
        var result = await answer.ShouldBeAsync(HttpStatusCode.Accepted);

        Assert.Equal($"{ApiHost.Base}/emergency-stop/stops/{(string?)result["stop_id"]}", (await answer).Headers.Location?.ToString());
        Assert.Equal("working", (string?)result["state"]);
        Assert.False((bool)result["success"]!);
    }

    [Fact]
    public async Task SameKeyAndBody_IsTheSameStop_AndAnotherBodyIs422()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();

        var first = await client.PostAsync("/emergency-stop/panic", "{}", "k").ShouldBeAsync(HttpStatusCode.OK);
        var second = await client.PostAsync("/emergency-stop/panic", null, "k").ShouldBeAsync(HttpStatusCode.OK);
        await client.PostAsync("/emergency-stop/panic", """{"reason": "other"}""", "k").ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        await client.PostAsync("/emergency-stop/symbol/AAPL/stop", "{}", "k").ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");

        Assert.Equal((string?)first["stop_id"], (string?)second["stop_id"]);
        Assert.Single(host.System.Stopped);
    }

    [Fact]
    public async Task Stop_WithTheLedgerDown_ByAKeyThatNobodyKnows_Is503()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();
        host.Ledger.Down = true;

        await client.PostAsync("/emergency-stop/panic").ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "ledger_unavailable");
    }
}
