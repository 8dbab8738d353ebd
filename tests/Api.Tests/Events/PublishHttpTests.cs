using System.Net;
using System.Text.Json.Nodes;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Events;

[Trait("Host", "Both")]
public sealed class PublishHttpTests(SharedService shared) : IClassFixture<SharedService>
{
    private const string Events = $"{ApiHost.Base}/events";
    private const string Data = """{"target": "USER:alice", "reason": "drawdown", "reason_code": "RISK_VIOLATION", "wait_ms": 0}""";

    [Fact]
    public async Task AnEvent_ClosesTheGate_AndTheSameOneIsTheSameStop_AfterARestartToo()
    {
        await using var service = await RealService.StartAsync();
        var (_, key) = await service.AddSecretAsync(Role.RiskOfficer);
        var (engine, engineKey) = await service.AddSecretAsync(Role.Engine);
        await PlaceAsync(engine).ShouldBeAsync(HttpStatusCode.Created);

        var first = await StopOfAsync(service.As(key), Event("e1"));
        Assert.Equal(first, await StopOfAsync(service.As(key), Event("e1")));
        await PlaceAsync(engine).ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");
        await service.RestartAsync();
        Assert.Equal(first, await StopOfAsync(service.As(key), Event("e1")));
        Assert.NotEqual(first, await StopOfAsync(service.As(key), Event("e2")));

        await PlaceAsync(service.As(engineKey)).ShouldBeProblemAsync(HttpStatusCode.Locked, "gate_closed");
        var reused = service.As(key).PostAsync(Events, ApiHost.Json(Event("e1", data: """{"target": "SYSTEM", "reason": "drawdown"}""")));
        await reused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "event_id_reused");
    }

    [Theory]
    [InlineData("specversion", "\"0.3\"", "specversion")]
    [InlineData("specversion", null, "specversion")]
    [InlineData("id", null, "id")]
    [InlineData("id", "\"\"", "id")]
    [InlineData("source", "\"two words\"", "source")]
    [InlineData("type", "\"stop.engaged\"", "type")]
    [InlineData("type", null, "type")]
    [InlineData("time", "\"yesterday\"", "time")]
    [InlineData("datacontenttype", "\"text/xml\"", "datacontenttype")]
    [InlineData("data", null, "data")]
    [InlineData("data", "[]", "data")]
    [InlineData("data", """{"target": "USER:alice"}""", "data.reason")]
    [InlineData("data", """{"target": "USER:a/b/c", "reason": "x"}""", "data.scope")]
    [InlineData("data", """{"scope": "USER", "target": "STRATEGY:s1", "reason": "x"}""", "data.target")]
    [InlineData("data", """{"target": "SYSTEM", "reason": "x", "reason_code": "BECAUSE"}""", "data.reason_code")]
    [InlineData("data", """{"target": "SYSTEM", "reason": "x", "speed": 1}""", "data.speed")]
    public async Task AnEventThatIsWrong_IsAProblemThatNamesTheField(string member, string? json, string field)
    {
        await using var host = await ApiHost.StartAsync();
        var body = JsonNode.Parse(Event("e1"))!.AsObject();
        body.Remove(member);
        if (json is not null)
        {
            body[member] = JsonNode.Parse(json);
        }

        var problem = await host.As(Role.RiskOfficer).PostAsync(Events, ApiHost.Json(body.ToJsonString())).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");

        Assert.Equal(field, (string?)problem["field"]);
        Assert.Empty(host.System.Stopped);
    }

    [Fact]
    public async Task ATypeFromOutside_ThatIsNotAccepted_IsAnsweredWithThoseThatAre()
    {
        await using var host = await ApiHost.StartAsync();
        var body = Event("e1").Replace("emergency_stop.requested", "gate.opened", StringComparison.Ordinal);
        var problem = await host.As(Role.Admin).PostAsync(Events, ApiHost.Json(body)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        Assert.Contains("emergency_stop.requested", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AttributesThatAPublisherAdds_AreTaken()
    {
        await using var host = await ApiHost.StartAsync();
        var body = JsonNode.Parse(Event("e1"))!.AsObject();
        (body["traceparent"], body["subject"], body["time"], body["datacontenttype"]) = ("00-1-2-01", "alice", "2026-03-02T09:30:00Z", "application/json; charset=utf-8");
        using var answer = await host.As(Role.RiskOfficer).PostAsync(Events, new StringContent(body.ToJsonString(), null, "application/cloudevents+json"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(Role.Viewer, null)]
    [InlineData(Role.Engine, null)]
    [InlineData(Role.Trader, "bob")]
    public async Task WhoMayNotStopIt_MayNotByAnEventEither(Role role, string? user)
    {
        var service = shared.Service;
        var (client, _) = await service.AddKeyAsync(role, user);
        await client.PostAsync(Events, ApiHost.Json(Event("e1"))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task AnEventThatBecameNoStop_IsNotAnsweredAsOne()
    {
        await using var host = await ApiHost.StartAsync();
        await host.As(Role.RiskOfficer).PostAsync(Events, ApiHost.Json(Event("unhandled"))).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "event_not_handled");
    }

    private static string Event(string id, string data = Data) =>
        $$"""{"specversion": "1.0", "id": "{{id}}", "source": "/risk-engine", "type": "emergency_stop.requested", "data": {{data}} }""";

    private static async Task<string> StopOfAsync(HttpClient client, string body)
    {
        using var answer = await client.PostAsync(Events, ApiHost.Json(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["stop_id"]!; // A stop's answer has one.
    }

    private static Task<HttpResponseMessage> PlaceAsync(HttpClient client) => client.PostAsync(
        $"{ApiHost.Base}/orders",
        ApiHost.Json("""{"user_id": "alice", "strategy_id": "s1", "symbol": "AAPL", "side": "buy", "quantity": 1, "type": "limit", "limit_price": 50}"""));
}
