using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Tests.Hosting;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Tests.Releasing;

public sealed class ReleasingHttpTests
{
    private const string Path = "/emergency-stop/stops/stop-1/release";
    private const string Body = """{"reason": "mended"}""";

    [Fact]
    public async Task Release_ShowsWhatIsStillHeldAndPaused()
    {
        await using var host = await ApiHost.StartAsync();
        var stop = Add(host, Rows.Caller(Role.RiskOfficer));
        var other = Rows.Stop("stop-2", StopTarget.System, Rows.Caller(Role.Admin));
        host.System.OnRelease = r => new ReleaseAnswer.Released(
            stop with { Release = new(9, r.By.DisplayName, r.At, r.Reason) }, [Rows.Latch(other)], [Rows.S1]);
        using var client = host.As(Role.RiskOfficer);

        var answer = await client.PostAsync(Path, """{"reason": "mended", "resume_strategies": true}""").ShouldBeAsync(HttpStatusCode.OK);

        Assert.False((bool?)answer["gate_open"]);
        Assert.Equal("stop-2", (string?)answer["still_held"]![0]!["stop_id"]);
        Assert.Equal("s1", (string?)answer["still_paused"]![0]);
        Assert.Equal("mended", (string?)answer["reason"]);
        Assert.True(Assert.Single(host.System.Released).ResumeStrategies);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(null)]
    [InlineData("""{"reason": " "}""")]
    public async Task Release_NeedsAReason(string? body)
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.As(Role.RiskOfficer);

        await client.PostAsync(Path, body).ShouldRefuseAsync("reason");

        Assert.Empty(host.System.Released);
    }

    [Fact]
    public async Task Release_WhileSomethingIsUnknown_Is409WithTheList()
    {
        await using var host = await ApiHost.StartAsync();
        var stop = Add(host, Rows.Caller(Role.RiskOfficer));
        host.System.OnRelease = _ => new ReleaseAnswer.Outstanding(stop, [Rows.Unknown("o-1"), Rows.Unknown("o-2")]);
        using var client = host.As(Role.RiskOfficer);

        var problem = await client.PostAsync(Path, Body).ShouldBeProblemAsync(HttpStatusCode.Conflict, "obligations_open");

        Assert.Equal("stop-1", (string?)problem["stop_id"]);
        Assert.Equal(["o-1", "o-2"], problem["outstanding"]!.AsArray().Select(o => (string?)o!["item"]));
    }

    public static TheoryData<string, HttpStatusCode, string> Refusals => new()
    {
        { "working", HttpStatusCode.Conflict, "stop_working" },
        { "nothing", HttpStatusCode.Conflict, "holds_nothing" },
        { "missing", HttpStatusCode.NotFound, "not_found" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Release_Refused_HasItsCode(string why, HttpStatusCode status, string code)
    {
        await using var host = await ApiHost.StartAsync();
        var stop = Add(host, Rows.Caller(Role.RiskOfficer));
        host.System.OnRelease = _ => why switch
        {
            "working" => new ReleaseAnswer.Working(stop),
            "nothing" => new ReleaseAnswer.HoldsNothing(stop),
            _ => new ReleaseAnswer.NotFound(),
        };
        using var client = host.As(Role.Admin);

        await client.PostAsync(Path, Body).ShouldBeProblemAsync(status, code);
    }

    [Fact]
    public async Task Trader_ReleasesOnlyWhatTheTraderEngaged()
    {
        await using var host = await ApiHost.StartAsync();
        using var client = host.Trader();
        var stop = Add(host, Rows.Caller(Role.RiskOfficer));

        await client.PostAsync(Path, Body).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(("release.refused", "stop-1"), (host.Ledger.AuditEntries.Single().Action, host.Ledger.AuditEntries.Single().Subject));

        stop = Add(host, Rows.Caller(Role.Trader, Rows.Alice));
        host.System.OnRelease = _ => new ReleaseAnswer.AlreadyReleased(stop);
        await client.PostAsync(Path, Body).ShouldBeAsync(HttpStatusCode.OK);
        await client.PostAsync(Path, """{"reason": "x", "resume_strategies": true}""").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private static Stop Add(ApiHost host, Caller by)
    {
        var stop = Rows.Stop("stop-1", StopTarget.Of(Rows.Alice), by);
        return host.Ledger.Stops[stop.Id] = stop;
    }
}
