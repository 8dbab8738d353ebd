using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Extensions.DependencyInjection;

namespace EmergencyStop.Api.Tests.Braking;

/// <summary>What callers see while the ledger is down (law 10).</summary>
public sealed class BrakingHttpTests
{
    [Fact]
    public async Task Stop_WithTheLedgerUnreadable_KnowsItsCallerFromTheMirror_AndReadsDoNot()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = Mirrored(host, revoked: false);
        host.Ledger.Down = true;

        var answer = await client.PostAsync("/emergency-stop/panic").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal("alice", Assert.Single(host.System.Stopped).RequestedBy.User?.Value);
        Assert.Equal((true, "closed"), ((bool?)answer["recorded"], (string?)answer["gate"]));
        await client.GetAsync($"{ApiHost.Base}/orders").ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "ledger_unavailable");
    }

    [Fact]
    public async Task Stop_WithARevokedKeyOfTheMirror_Is401()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = Mirrored(host, revoked: true);
        host.Ledger.Down = true;

        await client.PostAsync("/emergency-stop/panic").ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Empty(host.System.Stopped);
    }

    [Fact]
    public async Task UnrecordedStop_IsShownFromMemory_AndSaysSo()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = Mirrored(host, revoked: false);
        Brake(host);
        host.Ledger.Down = true;

        var shown = await client.GetAsync($"{ApiHost.Base}/emergency-stop/stops/s-1").ShouldBeAsync(HttpStatusCode.OK);

        Assert.Equal((false, "unproven"), ((bool?)shown["recorded"], (string?)shown["gate"]));
        Assert.Equal("USER:alice", (string?)shown["target"]);
        Assert.Contains("NOT RECORDED", (string?)shown["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnrecordedStop_OfSomebodyElse_IsNotShownToATrader()
    {
        await using var host = await ApiHost.StartAsync();
        using var bob = host.Trader("bob");
        Brake(host);

        await bob.GetAsync($"{ApiHost.Base}/emergency-stop/stops/s-1").ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Order_WhileAStopIsNotRecorded_Is503NamingTheStop()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.OnPlace = _ => new PlaceAnswer.Unrecorded(StopId.Parse("s-1"), StopTarget.System);
        using var client = host.As(Role.Engine);

        var problem = await client.PostAsync(
                "/orders",
                """{"user_id": "bob", "strategy_id": "s", "symbol": "AAPL", "side": "buy", "quantity": 1, "type": "market"}""", "k")
            .ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "stop_unrecorded");

        Assert.Equal(("s-1", "SYSTEM"), ((string?)problem["stop_id"], (string?)problem["target"]));
        Assert.Empty(host.Ledger.Answers);
    }

    [Fact]
    public async Task ReadinessStatusAndGate_SayThatAStopIsNotRecorded()
    {
        await using var host = await ApiHost.StartAsync();
        Brake(host);
        using var client = host.As(Role.RiskOfficer);

        var ready = await client.GetAsync("/health/ready").ShouldBeAsync(HttpStatusCode.OK);
        var status = await client.GetAsync($"{ApiHost.Base}/emergency-stop/status").ShouldBeAsync(HttpStatusCode.OK);
        var gate = await client.GetAsync($"{ApiHost.Base}/gate?user_id=bob").ShouldBeAsync(HttpStatusCode.OK);

        Assert.True((bool?)ready["degraded"]);
        Assert.Contains("1 stops are not recorded", (string?)Assert.Single(ready["reasons"]!.AsArray()), StringComparison.Ordinal);
        Assert.Equal(("degraded", "s-1"), ((string?)status["system_status"], (string?)Assert.Single(status["unrecorded"]!.AsArray())));
        Assert.Equal((false, "s-1"), ((bool?)gate["open"], (string?)Assert.Single(gate["latches"]!.AsArray())!["stop_id"]));
    }

    [Fact]
    public async Task Gate_WhileTheLatchesAreNotKnown_IsNeverReadAsOpen()
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Gate = Ledger.Gate.GateView.Unread;
        using var client = host.As(Role.RiskOfficer);

        await client.GetAsync($"{ApiHost.Base}/gate").ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "ledger_unavailable");
    }

    private static HttpClient Mirrored(ApiHost host, bool revoked)
    {
        var (key, id) = host.AddKey(Role.Trader, "alice");
        var mirrored = new MirroredKey(ApiKeyFactory.Hash(key), new(id, "alice's key", Role.Trader, Rows.Alice), revoked);
        host.Services.GetRequiredService<LedgerMirror>().Replace(new([mirrored], [], []));
        return host.AsKey(key);
    }

    private static void Brake(ApiHost host)
    {
        var stop = Rows.Stop("s-1", StopTarget.Of(Rows.Alice), Rows.Caller(Role.Trader, Rows.Alice), StopState.Outstanding);
        var result = EmergencyStopResult.From(stop, [], Rows.At) with { Recorded = false, Gate = GateHold.Unproven, Message = "NOT RECORDED" };
        host.Brake.Unrecorded = [new UnrecordedStop(stop, [], result)];
    }
}
