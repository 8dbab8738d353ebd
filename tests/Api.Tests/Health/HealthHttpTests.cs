using System.Net;
using EmergencyStop.Access;
using EmergencyStop.Api.Health;
using EmergencyStop.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace EmergencyStop.Api.Tests.Health;

public sealed class HealthHttpTests
{
    [Fact]
    public async Task UntilTheLatchesAreRead_OnlyLiveAnswers()
    {
        await using var host = await ApiHost.StartAsync(open: false);
        using var client = host.As(Role.Admin);

        await client.GetAsync("/health/live").ShouldBeAsync(HttpStatusCode.OK);
        await client.GetAsync("/health/ready").ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "starting");
        await client.GetAsync($"{ApiHost.Base}/orders").ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "starting");
        await client.PostAsync("/emergency-stop/system/stop").ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "starting");
        await client.GetAsync("/openapi/v1.json").ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "starting");

        host.Services.GetRequiredService<StartGate>().Open();

        await client.GetAsync("/health/ready").ShouldBeAsync(HttpStatusCode.OK);
        await client.GetAsync($"{ApiHost.Base}/orders").ShouldBeAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PressInVainAtTheStart_StopsNothing()
    {
        await using var host = await ApiHost.StartAsync();

        Assert.Empty(host.System.Stopped);
        Assert.Empty(host.Ledger.AuditEntries);
    }

    [Fact]
    public async Task Ready_StaysSoWhenTheLedgerIsInTrouble()
    {
        await using var host = await ApiHost.StartAsync();
        host.Ledger.Health = new("memory", false, "disk full");
        using var client = host.Anonymous();

        var ready = await client.GetAsync("/health/ready").ShouldBeAsync(HttpStatusCode.OK);

        Assert.True((bool?)ready["degraded"]);
    }
}
