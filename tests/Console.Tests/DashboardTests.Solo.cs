using EmergencyStop.Console.Tests.Browsing;
using Microsoft.Playwright;

namespace EmergencyStop.Console.Tests;

/// <summary>The grains at work, on Solo: a page of our own, whose figures move.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class DashboardTests(Chromium chromium, RunningService service)
{
    [SkippableFact]
    public async Task Dashboard_ShowsActivationsAndCalls_AndMoves()
    {
        await service.GiveBookAsync("henry");
        await using var visitor = await Visitor.SignInAsync(chromium, service.Process.Url, service.KeyOf("viewer"));
        await visitor.Link("Grains").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#activations tr", new() { HasText = "user" }).First).ToContainTextAsync(new System.Text.RegularExpressions.Regex("[1-9]"));
        var placed = visitor.Page.Locator("#busiest tr", new() { HasText = "IUserGrain.PlaceAsync" }).Locator("[data-label=Calls]");
        var before = await placed.TextContentAsync();
        await service.Engine.PlaceAsync("henry", "henry-maker");
        await Assertions.Expect(placed).Not.ToHaveTextAsync(before!, new() { Timeout = 15_000 }); // It had text: the row is there.
        await new Inspection(chromium).InspectAsync(visitor.Page, "dashboard");
    }
}
