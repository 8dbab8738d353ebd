using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;

namespace EmergencyStop.Api.Tests.Risk;

[Trait("Host", "Both")]
public sealed class RiskRuleHttpTests(SharedService shared) : IClassFixture<SharedService>
{
    private const string Rules = $"{ApiHost.Base}/risk/rules";
    private const string Loss = """{"kind": "daily_loss", "threshold": 10000, "user_id": "alice", "warn_at": [80, 50], "action": "stop", "reason": "limit of the desk"}""";

    [Fact]
    public async Task ARule_HasDefaults_VersionsAndATag_AndNoVersionIsLost()
    {
        await using var service = await RealService.StartAsync();
        var (officer, _) = await service.AddKeyAsync(Role.RiskOfficer);
        var (first, body) = await PutAsync(officer, "loss", Loss);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("\"1\"", first.Headers.ETag?.Tag);
        Assert.Equal(
            (3, 2_000, 60_000, "currency", "USER", true), ((int)body["hold_samples"]!, (int)body["hold_ms"]!, (int)body["grace_ms"]!, (string)body["unit"]!, (string)body["scope"]!, (bool)body["keep_protective"]!));
        Assert.Equal([50, 80], body["warn_at"]!.AsArray().Select(l => (int)l!));

        Assert.Equal(HttpStatusCode.PreconditionRequired, (await PutAsync(officer, "loss", Loss)).Answer.StatusCode);
        var (second, _) = await PutAsync(officer, "loss", Loss.Replace("10000", "9000", StringComparison.Ordinal), "\"1\"");
        Assert.Equal("\"2\"", second.Headers.ETag?.Tag);
        var (stale, problem) = await PutAsync(officer, "loss", Loss, "\"1\"");
        Assert.Equal((HttpStatusCode.PreconditionFailed, 2), (stale.StatusCode, (int)problem["version"]!));

        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"{Rules}/loss?reason=over");
        delete.Headers.IfMatch.Add(new EntityTagHeaderValue("\"2\""));
        Assert.Equal(HttpStatusCode.OK, (await officer.SendAsync(delete)).StatusCode);
        await officer.GetAsync($"{Rules}/loss").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");

        await service.RestartAsync();
        using var again = service.As(officer.DefaultRequestHeaders.Authorization!.Parameter!);
        var versions = JsonNode.Parse(await again.GetStringAsync($"{Rules}/loss/versions"))!["versions"]!.AsArray();
        Assert.Equal([3, 2, 1], versions.Select(v => (int)v!["version"]!));
        Assert.Equal([true, false, false], versions.Select(v => (bool)v!["deleted"]!));
        Assert.Equal(["over", "limit of the desk", "limit of the desk"], versions.Select(v => (string)v!["reason"]!));
        Assert.Equal([9_000m, 9_000m, 10_000m], versions.Select(v => (decimal)v!["threshold"]!));
        Assert.Null((await service.Ledger.VerifyAuditAsync(CancellationToken.None)).FirstBroken);
    }

    [Theory]
    [InlineData("""{"threshold": 5, "action": "stop", "reason": "r"}""", "kind")]
    [InlineData("""{"kind": "drawdown", "action": "stop", "reason": "r"}""", "threshold")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "reason": "r"}""", "action")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "action": "stop"}""", "reason")]
    [InlineData("""{"kind": "drawdown", "threshold": 0, "action": "stop", "reason": "r"}""", "threshold")]
    [InlineData("""{"kind": "drawdown", "threshold": 101, "action": "stop", "reason": "r"}""", "threshold")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "unit": "orders", "action": "stop", "reason": "r"}""", "unit")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "hold_samples": 1, "action": "stop", "reason": "r"}""", "hold_samples")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "window_ms": 5000, "action": "stop", "reason": "r"}""", "window_ms")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "scope": "STRATEGY", "action": "stop", "reason": "r"}""", "scope")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "scope": "SYSTEM", "action": "stop", "reason": "r"}""", "scope")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "warn_at": [100], "action": "stop", "reason": "r"}""", "warn_at")]
    [InlineData("""{"kind": "drawdown", "threshold": 5, "close_positions": true, "cancel_orders": false, "action": "stop", "reason": "r"}""", "close_positions")]
    [InlineData("""{"kind": "order_rate", "threshold": 5.5, "action": "stop", "reason": "r"}""", "threshold")]
    [InlineData("""{"kind": "order_rate", "threshold": 5, "window_ms": 999, "action": "stop", "reason": "r"}""", "window_ms")]
    [InlineData("""{"kind": "order_rate", "threshold": 5, "minimum_orders": 5, "action": "stop", "reason": "r"}""", "minimum_orders")]
    [InlineData("""{"kind": "drawdown", "treshold": 5, "action": "stop", "reason": "r"}""", "treshold")]
    [InlineData("""{"kind": "drawdawn", "threshold": 5, "action": "stop", "reason": "r"}""", "kind")]
    public async Task ARuleThatIsWrong_NamesItsField(string rule, string field)
    {
        var service = shared.Service;
        var (officer, _) = await service.AddKeyAsync(Role.RiskOfficer);
        var (answer, problem) = await PutAsync(officer, "r1", rule);
        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (string?)problem["field"]));
        Assert.Empty(await service.Ledger.RiskRulesAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(Role.Trader, "alice")]
    [InlineData(Role.Engine, null)]
    [InlineData(Role.Viewer, null)]
    public async Task OnlyRiskOfficersAndAdmins_WriteRules(Role role, string? user)
    {
        var service = shared.Service;
        var (client, _) = await service.AddKeyAsync(role, user);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(client, "r1", Loss)).Answer.StatusCode);
        await client.DeleteAsync($"{Rules}/r1?reason=no").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task ATrader_SeesTheRulesOfTheOwnBookOnly()
    {
        await using var service = await RealService.StartAsync();
        var (admin, _) = await service.AddKeyAsync(Role.Admin);
        var (bob, _) = await service.AddKeyAsync(Role.Trader, "bob");
        await PutAsync(admin, "alices", Loss);
        await PutAsync(admin, "everybodys", Loss.Replace("\"user_id\": \"alice\", ", string.Empty, StringComparison.Ordinal));
        var seen = JsonNode.Parse(await bob.GetStringAsync(Rules))!["rules"]!.AsArray();
        Assert.Equal(["everybodys"], seen.Select(r => (string)r!["rule_id"]!));
        await bob.GetAsync($"{Rules}/alices").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        await bob.GetAsync($"{Rules}/alices/versions").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        await bob.GetAsync($"{ApiHost.Base}/risk/users/alice").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync($"{ApiHost.Base}/risk/users/bob")).StatusCode);
    }

    private static async Task<(HttpResponseMessage Answer, JsonNode Body)> PutAsync(HttpClient client, string id, string rule, string? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Rules}/{id}") { Content = ApiHost.Json(rule) };
        if (version is not null)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(version));
        }

        var answer = await client.SendAsync(request);
        return (answer, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
