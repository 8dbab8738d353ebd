using EmergencyStop.Console.Tests.Browsing;
using Microsoft.Playwright;

namespace EmergencyStop.Console.Tests;

/// <summary>Every page can be read: by axe-core's rules, in both schemes and at both sizes, and by whoever looks at the pictures.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class LookTests(Chromium chromium, RunningService service)
{
    private readonly Inspection _inspection = new(chromium);

    [SkippableFact]
    public async Task SignIn_AndWhatGoesWrongThere()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, service.Process.Url);
        await visitor.GoAsync("/");
        await _inspection.InspectAsync(visitor.Page, "sign-in");
        await visitor.SignInAsync("esk_" + new string('A', 43));
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known");
        await _inspection.InspectAsync(visitor.Page, "sign-in-refused");
    }

    [SkippableFact]
    public async Task Trader_WithABook_ThroughAStopThatOwesSomething_ToItsEnd()
    {
        await using var visitor = await Visitor.SignInAsync(chromium, service.Process.Url, service.KeyOf("dave"));
        await service.GiveBookAsync("dave", orders: 5);
        await visitor.GoAsync("/");
        await _inspection.InspectAsync(visitor.Page, "trader-overview");
        await visitor.Link("Stop my book").ClickAsync();
        await _inspection.InspectAsync(visitor.Page, "question");
        await service.Venue.SetFaultsAsync(new { lose_answers = 1 });
        try
        {
            await visitor.Button("Stop the book of dave now").ClickAsync();
            await visitor.UntilSaidAsync("Still working");
            await _inspection.InspectAsync(visitor.Page, "stop-working");
            await visitor.UntilSaidAsync("Outstanding, tried again until met");
            await Assertions.Expect(visitor.Page.Locator("#unmet tbody tr").First).ToContainTextAsync("unknown");
            await _inspection.InspectAsync(visitor.Page, "stop-outstanding");
            await visitor.Page.GetByText("Release this stop").ClickAsync();
            await visitor.Page.Locator("#release-reason").FillAsync("too early");
            await visitor.Button("Release").ClickAsync();
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("open or unknown");
            await _inspection.InspectAsync(visitor.Page, "release-refused");
            await visitor.GoAsync("/");
            await _inspection.InspectAsync(visitor.Page, "trader-stopped");
            await visitor.Page.Locator("#stops").GetByRole(AriaRole.Link).First.ClickAsync();
        }
        finally
        {
            await service.Venue.SetFaultsAsync(new { lose_answers = 0 });
        }

        await visitor.UntilSaidAsync("Completed: ");
        await _inspection.InspectAsync(visitor.Page, "stop-completed");
    }

    [SkippableFact]
    public async Task RiskOfficer_StopsEverything_AndEveryList()
    {
        await service.GiveBookAsync("erin", orders: 25);
        await using var visitor = await Visitor.SignInAsync(chromium, service.Process.Url, service.KeyOf("officer"));
        await Assertions.Expect(visitor.Page.Locator("#orders")).ToContainTextAsync("The newest 20");
        await _inspection.InspectAsync(visitor.Page, "officer-overview");
        await visitor.Link("Stop everything").ClickAsync();
        await visitor.Page.GetByText("What the stop does").ClickAsync();
        await _inspection.InspectAsync(visitor.Page, "question-system");
        await visitor.Page.GetByLabel("Why").FillAsync("drill");
        await visitor.Button("Stop everything now").ClickAsync();
        await visitor.UntilSaidAsync("Completed: ");
        await _inspection.InspectAsync(visitor.Page, "system-stopped");
        foreach (var path in (string[])["orders", "strategies", "positions", "stops"])
        {
            await visitor.GoAsync("/" + path);
            await _inspection.InspectAsync(visitor.Page, $"list-{path}");
        }

        await visitor.GoAsync("/stops");
        await visitor.Page.Locator("#list").GetByRole(AriaRole.Link, new() { Name = "everything" }).First.ClickAsync();
        await visitor.Page.GetByText("Release this stop").ClickAsync();
        await visitor.Page.Locator("#release-reason").FillAsync("over");
        await visitor.Page.GetByLabel("Resume the strategies").CheckAsync();
        await visitor.Button("Release").ClickAsync();
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync("Released: everything");
    }

    [SkippableFact]
    public async Task Viewer_SeesNoButton_AndWhatIsNotThereSaysSo()
    {
        await using var visitor = await Visitor.SignInAsync(chromium, service.Process.Url, service.KeyOf("viewer"));
        await Assertions.Expect(visitor.Page.Locator("main .danger")).ToHaveCountAsync(0);
        await _inspection.InspectAsync(visitor.Page, "viewer-overview");
        await visitor.GoAsync("/stop?scope=SYSTEM");
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync("This key may not do this");
        await _inspection.InspectAsync(visitor.Page, "forbidden");
        await visitor.GoAsync("/stops/none");
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync("Not found");
        await _inspection.InspectAsync(visitor.Page, "not-found");
    }

    [SkippableFact]
    public async Task Inspection_FindsWhatIsWrong()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, service.Process.Url);
        await visitor.GoAsync("/sign-in");
        await visitor.Page.EvaluateAsync("() => document.querySelector('label').remove()");
        Assert.Contains(await _inspection.ViolationsAsync(visitor.Page), v => v.StartsWith("label:", StringComparison.Ordinal));
    }
}
