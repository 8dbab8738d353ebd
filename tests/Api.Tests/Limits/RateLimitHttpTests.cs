using System.Net;
using System.Text.Json.Nodes;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Microsoft.Extensions.DependencyInjection;

namespace EmergencyStop.Api.Tests.Limits;

public sealed class RateLimitHttpTests
{
    private const string Order =
        """{"user_id": "alice", "strategy_id": "s1", "symbol": "AAPL", "side": "buy", "quantity": 1, "type": "limit", "limit_price": "1.5"}""";

    [Fact]
    public async Task Orders_OverTheirBudget_AreRefused_WhileStopsReadsAndCancelsPass()
    {
        await using var host = await ApiHost.StartAsync(settings: [("Limits:OrdersPerSecond", "1"), ("Limits:BurstSeconds", "1")]);
        using var alice = host.Trader();

        var (response, problem) = await UntilLimitedAsync(() => alice.PostAsync("/orders", Order));

        Assert.Equal("orders", (string?)problem["budget"]);
        Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        for (var press = 0; press < 20; press++)
        {
            await alice.PostAsync("/emergency-stop/panic").ShouldBeAsync(HttpStatusCode.OK);
        }

        await alice.GetAsync($"{ApiHost.Base}/orders").ShouldBeAsync(HttpStatusCode.OK);
        await alice.DeleteAsync($"{ApiHost.Base}/orders/{host.Ledger.Orders.First().Key}").ShouldBeAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Budget_IsOneKeysOwn()
    {
        await using var host = await ApiHost.StartAsync(settings: [("Limits:ReadsPerSecond", "1"), ("Limits:BurstSeconds", "1")]);
        using var alice = host.Trader();
        using var bob = host.Trader("bob");
        await UntilLimitedAsync(() => alice.GetAsync($"{ApiHost.Base}/orders"));

        await bob.GetAsync($"{ApiHost.Base}/orders").ShouldBeAsync(HttpStatusCode.OK);
        await alice.PostAsync("/emergency-stop/panic").ShouldBeAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Stops_OverTheirBudget_AreRefusedAndAudited_OnceAMinute()
    {
        await using var host = await ApiHost.StartAsync(settings: [("Limits:StopsPerSecond", "10"), ("Limits:BurstSeconds", "1")]);
        using var alice = host.Trader();
        await UntilLimitedAsync(() => alice.PostAsync("/emergency-stop/panic"));
        await UntilLimitedAsync(() => alice.PostAsync("/emergency-stop/panic"));

        await host.Services.GetRequiredService<RefusedAttempts>().FlushAsync();

        var entries = host.Ledger.AuditEntries.Where(e => e.Action == "stop.refused").ToArray();
        Assert.Equal(2, entries.Length);
        Assert.Contains("rate_limited", entries[0].Details, StringComparison.Ordinal);
        Assert.True((int?)JsonNode.Parse(entries[1].Details)!["repeats"] >= 1);
    }

    [Fact]
    public async Task BadKeys_AreLimitedByAddress_WhileAGoodKeyFromThereStops()
    {
        await using var host = await ApiHost.StartAsync(settings: [("Limits:UnauthenticatedPerSecond", "1"), ("Limits:BurstSeconds", "1")]);
        using var stranger = host.AsKey("esk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        using var alice = host.Trader();

        var (_, problem) = await UntilLimitedAsync(() => stranger.PostAsync("/emergency-stop/system/stop"));

        Assert.Equal("unauthenticated", (string?)problem["budget"]);
        await alice.PostAsync("/emergency-stop/panic").ShouldBeAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task StrangersAttemptToStop_IsAuditedWithItsAddress_AndAFloodIsAFewEntries()
    {
        await using var host = await ApiHost.StartAsync();
        using var stranger = host.Anonymous();
        for (var i = 0; i < 50; i++)
        {
            (await stranger.PostAsync("/emergency-stop/system/stop")).Dispose();
        }

        await host.Services.GetRequiredService<RefusedAttempts>().FlushAsync();

        Assert.InRange(host.Ledger.AuditEntries.Count, 1, 4); // 401 and 429, each at once and in the minute's sum.
        var first = host.Ledger.AuditEntries.First();
        Assert.Equal(("unknown", "stop.refused"), (first.Actor, first.Action));
        Assert.Equal("127.0.0.1", (string?)JsonNode.Parse(first.Details)!["address"]);
    }

    [Fact]
    public async Task ManyKindsOfAttempts_AreBounded()
    {
        await using var host = await ApiHost.StartAsync();
        var attempts = host.Services.GetRequiredService<RefusedAttempts>();
        for (var i = 0; i < RefusedAttempts.MostKinds + 100; i++)
        {
            await attempts.NoteAsync(new("unknown", "stop.refused", $"/{i}", null, "192.0.2.1", "unauthenticated"));
        }

        await attempts.FlushAsync();

        Assert.Equal(RefusedAttempts.MostKinds + 1, host.Ledger.AuditEntries.Count);
        Assert.Equal(100, (int?)JsonNode.Parse(host.Ledger.AuditEntries.Last().Details)!["repeats"]);
    }

    [Fact]
    public async Task ReleaseOfAWorkingStop_IsRefusedAndAudited()
    {
        await using var host = await ApiHost.StartAsync();
        var stop = Rows.Stop("s-1", StopTarget.System, Rows.Caller(Role.RiskOfficer), StopState.Working);
        host.System.OnRelease = _ => new ReleaseAnswer.Working(stop);
        using var officer = host.As(Role.RiskOfficer);

        await officer.PostAsync("/emergency-stop/stops/s-1/release", """{"reason": "too early"}""").ShouldBeProblemAsync(HttpStatusCode.Conflict, "stop_working");

        var entry = Assert.Single(host.Ledger.AuditEntries);
        Assert.Equal("release.refused", entry.Action);
        Assert.Contains("stop_working", entry.Details, StringComparison.Ordinal);
    }

    private static async Task<(HttpResponseMessage Response, JsonObject Problem)> UntilLimitedAsync(Func<Task<HttpResponseMessage>> ask)
    {
        for (var i = 0; i < 2_000; i++)
        {
            var response = await ask();
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return (response, await Task.FromResult(response).ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited"));
            }
        }

        throw new InvalidOperationException("The budget was never used up.");
    }
}
