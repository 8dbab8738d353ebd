using System.Net;
using System.Text.Json.Nodes;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Events;

namespace EmergencyStop.Api.Tests.Events;

[Trait("Host", "Both")]
public sealed class FollowHttpTests(SharedService shared) : IClassFixture<SharedService>
{
    private const string Events = $"{ApiHost.Base}/events";

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task AStop_IsHeardOfAsItHappens_AndNothingIsLostOverARestart()
    {
        await using var service = await RealService.StartAsync();
        var (_, viewer) = await service.AddSecretAsync(Role.Viewer);
        var (officer, officerKey) = await service.AddSecretAsync(Role.RiskOfficer);

        string last;
        await using (var stream = await EventStream.OpenAsync(service.As(viewer), Events))
        {
            Assert.Equal("ready", (await stream.NextAsync()).EventType);
            await StopAsync(officer, "USER:alice");
            var (engaged, closed) = (await stream.NextAsync(), await stream.NextAsync());
            Assert.Equal(("stop.engaged", "gate.closed"), (engaged.EventType, closed.EventType));
            Assert.Equal(("1.0", "/emergency-stop", engaged.EventId), ((string?)engaged.Data["specversion"], (string?)engaged.Data["source"], (string?)engaged.Data["id"]));
            Assert.Equal(("USER:alice", "RISK_VIOLATION"), ((string?)engaged.Data["data"]!["target"], (string?)engaged.Data["data"]!["reason_code"]));
            last = closed.EventId!; // Every event has one.
        }

        await service.RestartAsync();
        await StopAsync(service.As(officerKey), "SYSTEM");
        await using var resumed = await EventStream.OpenAsync(service.As(viewer), Events, last);
        Assert.Equal(("ready", last), ((await resumed.NextAsync()) is var ready ? ready.EventType : null, ready.EventId));
        var next = long.Parse(last, null);
        for (var (engaged, closed) = (0, 0); engaged + closed < 2;)
        {
            var one = await resumed.NextAsync();
            Assert.Equal(++next, long.Parse(one.EventId!, null)); // None is left out, none comes twice.
            engaged += one.EventType == "stop.engaged" ? 1 : 0;
            closed += one.EventType == "gate.closed" ? 1 : 0;
        }
    }

    [Fact]
    public async Task ATrader_HearsOfTheOwnBook_AndOfTheGatesThatEverybodyStandsBefore()
    {
        await using var service = await RealService.StartAsync();
        var (_, alice) = await service.AddSecretAsync(Role.Trader, "alice");
        await using var stream = await EventStream.OpenAsync(service.As(alice), Events);
        await stream.NextAsync();
        EventAudience[] audiences =
        [
            EventAudience.Desk, EventAudience.Of(UserId.Parse("bob")), EventAudience.Of(UserId.Parse("alice")),
            EventAudience.Of(AccountId.Parse("bob")), EventAudience.Of(AccountId.Parse("alice")), EventAudience.Everybody,
        ];
        foreach (var audience in audiences)
        {
            await service.Ledger.AppendEventAsync(new("risk.tested", audience.Value, TimeProvider.System.GetUtcNow(), audience, "{}"), None);
        }

        var heard = new[] { await stream.NextAsync(), await stream.NextAsync(), await stream.NextAsync() };
        Assert.Equal(["user:alice", "account:alice", "everybody"], heard.Select(e => (string?)e.Data["subject"]));
    }

    [Theory]
    [InlineData("?user_id=bob", HttpStatusCode.Forbidden, "forbidden")]
    [InlineData("?last_event_id=abc", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("?since=1", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("?last_event_id=999", HttpStatusCode.Gone, "events_gone")]
    public async Task Follow_WhatCannotBe_IsAProblem(string query, HttpStatusCode status, string code)
    {
        var service = shared.Service;
        var (alice, _) = await service.AddKeyAsync(Role.Trader, "alice");
        await alice.GetAsync(Events + query).ShouldBeProblemAsync(status, code);
    }

    [Fact]
    public async Task WhatIsSetAside_IsSeenAndSettled_ByThoseWhoMay()
    {
        await using var service = await RealService.StartAsync();
        var (viewer, _) = await service.AddKeyAsync(Role.Viewer);
        var (officer, _) = await service.AddKeyAsync(Role.RiskOfficer);
        var (alice, _) = await service.AddKeyAsync(Role.Trader, "alice");
        await SetAsideAsync(service, "stop.engaged");
        await SetAsideAsync(service, EventTypes.EmergencyStopRequested);

        var listed = JsonNode.Parse(await viewer.GetStringAsync($"{Events}/set-aside?state=waiting&handler=mail"))!["events"]!.AsArray();
        Assert.Equal([2L, 1L], listed.Select(e => (long)e!["number"]!));
        await alice.GetAsync($"{Events}/set-aside").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await viewer.GetAsync($"{Events}/set-aside?state=lost").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        await SettleAsync(viewer, "1/dismiss").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await SettleAsync(officer, "1/dismiss", "{}").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "validation_failed");
        await SettleAsync(officer, "9/dismiss").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_set_aside");
        await SettleAsync(officer, "2/retry").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_set_aside"); // It asked for a stop.
        await SettleAsync(officer, "2/dismiss").ShouldBeAsync(HttpStatusCode.OK);
        await SettleAsync(officer, "1/retry").ShouldBeAsync(HttpStatusCode.OK);
        await SettleAsync(officer, "1/dismiss").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_set_aside");

        var audit = await service.Ledger.AuditAsync(0, 100, None);
        Assert.Equal(["event.dismissed", "event.retried"], audit.Select(e => e.Entry.Action).Where(a => a.StartsWith("event.", StringComparison.Ordinal)));
    }

    private static Task<HttpResponseMessage> SettleAsync(HttpClient client, string path, string body = """{"reason": "looked at"}""") =>
        client.PostAsync($"{Events}/set-aside/{path}", ApiHost.Json(body));

    private static Task SetAsideAsync(RealService service, string type)
    {
        var now = TimeProvider.System.GetUtcNow();
        return service.Ledger.SetAsideAsync(new(0, "mail", "/here", "1", type, "t1", now, "{}", 3, "It threw.", now), None);
    }

    private static async Task StopAsync(HttpClient client, string target)
    {
        var data = $$"""{"target": "{{target}}", "reason": "test", "reason_code": "RISK_VIOLATION"}""";
        var body = $$"""{"specversion": "1.0", "id": "{{target}}", "source": "/desk", "type": "emergency_stop.requested", "data": {{data}} }""";
        using var answer = await client.PostAsync(Events, ApiHost.Json(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
