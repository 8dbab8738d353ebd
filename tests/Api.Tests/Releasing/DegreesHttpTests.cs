using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Venues.Simulated;
using Microsoft.Extensions.DependencyInjection;

namespace EmergencyStop.Api.Tests.Releasing;

/// <summary>What lies between stopped and released, over HTTP against the real service.</summary>
[Trait("Host", "Both")]
public sealed class DegreesHttpTests
{
    [Fact]
    public async Task Waive_NamesTheField_AndEndsTheStop()
    {
        await using var service = await RealService.StartAsync();
        using var engine = (await service.AddKeyAsync(Role.Engine)).Client;
        using var officer = (await service.AddKeyAsync(Role.RiskOfficer)).Client;
        using var alice = (await service.AddKeyAsync(Role.Trader, "alice")).Client;
        using var bob = (await service.AddKeyAsync(Role.Trader, "bob")).Client;
        var order = (string?)(await engine.PostAsync("/orders", Order()).ShouldBeAsync(HttpStatusCode.Created))["order_id"];
        var id = await OutstandingAsync(service, officer);

        var debts = (await officer.GetAsync($"{ApiHost.Base}/emergency-stop/obligations?stop_id={id}").ShouldBeAsync(HttpStatusCode.OK))["obligations"]!.AsArray();
        var debt = Assert.Single(debts, d => (string?)d!["kind"] == "order")!;
        Assert.Equal((order, "alice", "unknown"), ((string?)debt["item"], (string?)debt["user_id"], (string?)debt["outcome"]));
        Assert.True((double?)debt["age_ms"] > 0 && debt["next_try"] is not null && debt["since"] is not null);
        Assert.NotEmpty((await alice.GetAsync($"{ApiHost.Base}/emergency-stop/obligations").ShouldBeAsync(HttpStatusCode.OK))["obligations"]!.AsArray());
        Assert.Empty((await bob.GetAsync($"{ApiHost.Base}/emergency-stop/obligations").ShouldBeAsync(HttpStatusCode.OK))["obligations"]!.AsArray());
        await officer.GetAsync($"{ApiHost.Base}/emergency-stop/obligations?cursor=abc").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");

        var path = $"/emergency-stop/stops/{id}/obligations/waive";
        await alice.PostAsync(path, Waiver("order", order)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal("kind", (string?)(await officer.PostAsync(path, Waiver("ordr", order)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed"))["field"]);
        Assert.Equal("item", (string?)(await officer.PostAsync(path, Waiver("order", "none")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "no_such_obligation"))["field"]);
        foreach (var left in debts)
        {
            await officer.PostAsync(path, Waiver((string?)left!["kind"], (string?)left["item"])).ShouldBeAsync(HttpStatusCode.OK);
        }

        await officer.PostAsync(path, Waiver("order", order)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "obligation_met");
        var stop = await officer.GetAsync($"{ApiHost.Base}/emergency-stop/stops/{id}").ShouldBeAsync(HttpStatusCode.OK);
        Assert.Equal("completed", (string?)stop["state"]);
        await officer.PostAsync($"/emergency-stop/stops/{id}/release", """{"reason": "written off"}""").ShouldBeAsync(HttpStatusCode.OK);
        Assert.Single(await service.Ledger.AuditAsync(0, 500, CancellationToken.None), a => a.Entry.Action == "waive.refused");
    }

    [Fact]
    public async Task Except_ThenRemove_ByPathAndByBody()
    {
        await using var service = await RealService.StartAsync();
        using var engine = (await service.AddKeyAsync(Role.Engine)).Client;
        using var officer = (await service.AddKeyAsync(Role.RiskOfficer)).Client;
        var stop = await officer.PostAsync("/emergency-stop/execute", """{"scope": "SYSTEM", "reason": "drill", "pause_strategies": false, "except": ["USER:carol"]}""")
            .ShouldBeAsync(HttpStatusCode.OK);
        var path = $"/emergency-stop/stops/{(string?)stop["stop_id"]}/except";
        await engine.PostAsync("/orders", Order("carol")).ShouldBeAsync(HttpStatusCode.Created);
        await engine.PostAsync("/orders", Order()).ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");

        foreach (var remove in new[] { false, true })
        {
            var open = await officer.PostAsync(path, """{"target": "USER:alice/SYMBOL:AAPL", "reason": "hedge"}""").ShouldBeAsync(HttpStatusCode.OK);
            Assert.Equal(2, open["except"]!.AsArray().Count);
            await engine.PostAsync("/orders", Order()).ShouldBeAsync(HttpStatusCode.Created);
            var gate = await officer.GetAsync($"{ApiHost.Base}/gate?user_id=alice&symbol=AAPL").ShouldBeAsync(HttpStatusCode.OK);
            Assert.True((bool?)gate["open"]);
            var back = remove
                ? await officer.PostAsync($"{path}/remove", """{"target": "USER:alice/SYMBOL:AAPL", "reason": "enough"}""").ShouldBeAsync(HttpStatusCode.OK)
                : await officer.DeleteAsync($"{ApiHost.Base}{path}/{Uri.EscapeDataString("USER:alice/SYMBOL:AAPL")}").ShouldBeAsync(HttpStatusCode.OK);
            Assert.Single(back["except"]!.AsArray());
            await engine.PostAsync("/orders", Order()).ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");
            await UntilAsync(officer, (string?)stop["stop_id"], "completed");
        }

        await officer.PostAsync($"{path}/remove", """{"target": "USER:bob", "reason": "x"}""").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_carved_out");
        Assert.Equal("target", (string?)(await officer.PostAsync(path, """{"target": "SYSTEM", "reason": "x"}""").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed"))["field"]);
        await engine.PostAsync(path, """{"target": "USER:bob", "reason": "x"}""").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await officer.PostAsync("/emergency-stop/execute", """{"scope": "USER", "user_id": "bob", "reason": "drill", "except": ["USER:bob"]}""")
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task ReleaseInPart_SaysWhatItStillHolds_Everywhere()
    {
        await using var service = await RealService.StartAsync();
        using var engine = (await service.AddKeyAsync(Role.Engine)).Client;
        using var officer = (await service.AddKeyAsync(Role.RiskOfficer)).Client;
        using var alice = (await service.AddKeyAsync(Role.Trader, "alice")).Client;
        await engine.PostAsync("/orders", Order()).ShouldBeAsync(HttpStatusCode.Created);
        var own = await OutstandingAsync(service, alice, "USER");
        await alice.PostAsync($"/emergency-stop/stops/{own}/release", Despite).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await officer.PostAsync($"/emergency-stop/stops/{own}/release", Despite).ShouldBeProblemAsync(HttpStatusCode.Conflict, "cannot_narrow");
        var id = await OutstandingAsync(service, officer);

        var released = await officer.PostAsync($"/emergency-stop/stops/{id}/release", Despite).ShouldBeAsync(HttpStatusCode.OK);
        Assert.Null(released["released_at"]);
        Assert.NotEmpty(released["outstanding"]!.AsArray());
        var stop = await officer.GetAsync($"{ApiHost.Base}/emergency-stop/stops/{id}").ShouldBeAsync(HttpStatusCode.OK);
        var history = await officer.GetAsync($"{ApiHost.Base}/emergency-stop/history").ShouldBeAsync(HttpStatusCode.OK);
        foreach (var said in new[] { released, stop, history["history"]!.AsArray().First(h => (string?)h!["stop_id"] == id)! })
        {
            Assert.Equal("USER:alice", (string?)Assert.Single(said["latched_targets"]!.AsArray()));
            Assert.Null(said["released_at"]);
        }

        var status = await officer.GetAsync($"{ApiHost.Base}/emergency-stop/status").ShouldBeAsync(HttpStatusCode.OK);
        Assert.Equal("USER:alice", (string?)Assert.Single(status["latched_targets"]!.AsArray()));
        var gate = await officer.GetAsync($"{ApiHost.Base}/gate?user_id=alice").ShouldBeAsync(HttpStatusCode.OK);
        Assert.Contains(gate["latches"]!.AsArray(), l => (string?)l!["stop_id"] == id && (string?)l["target"] == "USER:alice");
    }

    [Fact]
    public async Task PastGate_IsARiskOfficersReduceOnlyOrder()
    {
        await using var service = await RealService.StartAsync();
        using var engine = (await service.AddKeyAsync(Role.Engine)).Client;
        using var officer = (await service.AddKeyAsync(Role.RiskOfficer)).Client;
        await engine.PostAsync("/orders", """{"user_id": "alice", "strategy_id": "s1", "symbol": "AAPL", "side": "buy", "quantity": 5, "type": "market"}""").ShouldBeAsync(HttpStatusCode.Created);
        var stop = await officer.PostAsync("/emergency-stop/system/stop").ShouldBeAsync(HttpStatusCode.OK);
        var id = (string?)stop["stop_id"];

        await officer.PostAsync("/orders", Order()).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await engine.PostAsync("/orders", Sell(3, id)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal("reduce_only", (string?)(await officer.PostAsync("/orders", Sell(3, id).Replace("\"reduce_only\": true", "\"reduce_only\": false", StringComparison.Ordinal))
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed"))["field"]);
        await officer.PostAsync("/orders", Sell(3, "none")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "gate_not_held");
        var order = await officer.PostAsync("/orders", Sell(3, id)).ShouldBeAsync(HttpStatusCode.Created);
        Assert.Equal(("past_gate", id), ((string?)order["origin"], (string?)order["stop_id"]));
        await officer.PostAsync("/orders", Sell(3, id)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");

        var closed = await officer.PostAsync($"/emergency-stop/stops/{id}/close-positions?wait_ms=20000", """{"reason": "flatten the rest"}""").ShouldBeAsync(HttpStatusCode.OK);
        Assert.Equal(("completed", 1), ((string?)closed["state"], (int?)closed["positions_closed"]));
        await engine.PostAsync($"/emergency-stop/stops/{id}/close-positions", """{"reason": "no"}""").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Single(await service.Ledger.AuditAsync(0, 500, CancellationToken.None), a => a.Entry.Action == "order.past_gate");
    }

    private const string Despite = """{"reason": "trade on", "despite_outstanding": true}""";

    private static string Order(string user = "alice") =>
        $$"""{"user_id": "{{user}}", "strategy_id": "s1", "symbol": "AAPL", "side": "buy", "quantity": 1, "type": "limit", "limit_price": "1.5"}""";

    private static string Sell(int quantity, string? stop) =>
        $$$"""{"user_id": "alice", "strategy_id": "s1", "symbol": "AAPL", "side": "sell", "quantity": {{{quantity}}}, "type": "market", "reduce_only": true, "past_gate": {"stop_id": "{{{stop}}}", "reason": "hedge"}}""";

    private static string Waiver(string? kind, string? item) => $$"""{"kind": "{{kind}}", "item": "{{item}}", "reason": "the venue is gone for good"}""";

    /// <summary>Takes the venue away from alice's account, and stops.</summary>
    private static async Task<string> OutstandingAsync(RealService service, HttpClient by, string scope = "SYSTEM")
    {
        service.Services.GetRequiredService<SimulatedFaults>().Change(f => f with { DownAccounts = [Ids.AccountId.Parse("alice")] });
        using var answer = await by.PostAsync("/emergency-stop/execute?wait_ms=0", $$"""{"scope": "{{scope}}", "reason": "drill", "pause_strategies": false}""");
        var id = (string?)System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["stop_id"] ?? throw new InvalidOperationException("No stop.");
        await UntilAsync(by, id, "outstanding");
        return id;
    }

    private static async Task UntilAsync(HttpClient by, string? id, string state)
    {
        for (var i = 0; i < 600; i++)
        {
            if ((string?)(await by.GetAsync($"{ApiHost.Base}/emergency-stop/stops/{id}").ShouldBeAsync(HttpStatusCode.OK))["state"] == state)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"{id} never became {state}.");
    }
}
