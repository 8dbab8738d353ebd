using System.Net;
using EmergencyStop.Console.Tests.Browsing;
using Microsoft.Playwright;

namespace EmergencyStop.Console.Tests;

/// <summary>The grains at work, on Orleans: its own dashboard, for whoever may read everything.</summary>
[Trait("Host", "Both")]
[Collection(ConsoleCollection.Name)]
public sealed class DashboardTests(Chromium chromium, RunningService service)
{
    [SkippableFact]
    public async Task Dashboard_IsOrleansOwn_AndRunsUnderOurPolicy()
    {
        await using var visitor = await Visitor.SignInAsync(chromium, service.Process.Url, service.KeyOf("viewer"));
        var refused = new List<string>();
        visitor.Page.Console += (_, message) => refused.AddRange(message.Type == "error" ? [message.Text] : []);
        await visitor.Link("Grains").ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("Active Silos")).ToBeVisibleAsync();
        Assert.Empty(refused);
    }

    [Fact]
    public async Task Dashboard_IsShutToTradersAndStrangers()
    {
        using var frank = await FormClient.SignInAsync(service.Process.Url, service.KeyOf("frank"));
        using var stranger = new FormClient(service.Process.Url);
        foreach (var path in (string[])["/dashboard/", "/dashboard/DashboardCounters"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await frank.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Found, (await stranger.GetAsync(path)).StatusCode);
        }
    }
}
