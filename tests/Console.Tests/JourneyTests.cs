using System.Net;
using EmergencyStop.Console.Tests.Browsing;
using Microsoft.Playwright;

namespace EmergencyStop.Console.Tests;

/// <summary>From signing in to trading again, as a trader goes the way, with and without scripts, by pointer and by keyboard.</summary>
[Trait("Host", "Both")]
[Collection(ConsoleCollection.Name)]
public sealed class JourneyTests(Chromium chromium, RunningService service)
{
    [SkippableTheory]
    [InlineData("alice", true)]
    [InlineData("bob", false)]
    public async Task Trader_SignsIn_SeesOrders_Panics_WatchesItEnd_ReleasesAndResumes(string user, bool withScripts)
    {
        await using var visitor = await Visitor.ComeAsync(chromium, service.Process.Url, withScripts);
        await service.GiveBookAsync(user);
        await visitor.GoAsync("/");
        Assert.StartsWith("/sign-in", visitor.Path, StringComparison.Ordinal);
        await visitor.SignInAsync(service.KeyOf(user));
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync("Your book is trading");
        await Assertions.Expect(visitor.Page.Locator("#orders tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(visitor.Page.Locator("#positions")).ToContainTextAsync("BTC-USD");

        await visitor.Link("Stop my book").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".says")).ToContainTextAsync("3 orders of 1 users are cancelled.");
        await Assertions.Expect(visitor.Page.Locator(".says")).ToContainTextAsync("1 positions are closed.");
        Assert.Equal(HttpStatusCode.Created, (await service.Engine.PlaceAsync(user, $"{user}-maker")).Status); // Asking has stopped nothing.
        await visitor.Button($"Stop the book of {user} now").ClickAsync();
        await visitor.UntilSaidAsync("Completed: 4 orders cancelled, 2 strategies paused, 1 position closed, 0 unknown", withScripts);
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync($"Stopped: the book of {user}");
        Assert.Equal(HttpStatusCode.Locked, (await service.Engine.PlaceAsync(user, $"{user}-maker")).Status);
        Assert.Empty(await service.Venue.OpenOrdersAsync(user));

        await visitor.GoAsync("/");
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync("Your book is stopped");
        await visitor.Page.Locator("#stops").GetByRole(AriaRole.Link).First.ClickAsync();
        await visitor.Page.GetByText("Release this stop").ClickAsync();
        await visitor.Page.Locator("#release-reason").FillAsync("all is well");
        await visitor.Button("Release").ClickAsync();
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync($"Released: the book of {user}");
        await visitor.UntilSaidAsync("2 strategies that it has paused stay so until resumed", withScripts);
        Assert.Equal(HttpStatusCode.Locked, (await service.Engine.PlaceAsync(user, $"{user}-maker")).Status); // Its strategy is paused still.

        await visitor.Link("To the strategies").ClickAsync();
        await visitor.Button($"Resume strategy {user}-maker").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("tr", new() { HasText = $"{user}-maker" })).ToContainTextAsync("running");
        Assert.Equal(HttpStatusCode.Created, (await service.Engine.PlaceAsync(user, $"{user}-maker")).Status);
        await visitor.Link("History").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#list tbody tr").First).ToContainTextAsync($"by {user}");
    }

    [SkippableFact]
    public async Task F28_Keyboard_IsEnoughForThePanic()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, service.Process.Url);
        await service.GiveBookAsync("carol");
        await visitor.GoAsync("/");
        await TabToAsync(visitor, "API key");
        await visitor.Page.Keyboard.TypeAsync(service.KeyOf("carol"));
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync("Your book is trading");

        // The first tab stop leads past the navigation, and the one after it is the button.
        await visitor.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the main part", await FocusedAsync(visitor));
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Stop my book …", await FocusedAsync(visitor));
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Heading).ToHaveTextAsync("Stop the book of carol?");
        await TabToAsync(visitor, "Stop the book of carol now");
        await visitor.Page.Keyboard.PressAsync("Space");
        await visitor.UntilSaidAsync("Completed: 3 orders cancelled");
        Assert.Empty(await service.Venue.OpenOrdersAsync("carol"));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LinkFromElsewhere_LeadsWhoIsSignedInOn(bool withScripts)
    {
        await using var visitor = await Visitor.SignInAsync(chromium, service.Process.Url, service.KeyOf("viewer"), withScripts);
        await Assertions.Expect(visitor.Link("History")).ToBeVisibleAsync();
        await visitor.Page.RouteAsync("http://alerts.example/", route => route.FulfillAsync(
            new() { ContentType = "text/html", Body = $"<a href='{new Uri(service.Process.Url, "/stops")}'>the stop</a>" }));
        await visitor.Page.GotoAsync("http://alerts.example/");
        await visitor.Link("the stop").ClickAsync();
        if (!withScripts)
        {
            await visitor.Link("Go on").ClickAsync(); // The cookie is sent from our own page, not from elsewhere.
        }

        await Assertions.Expect(visitor.Heading).ToHaveTextAsync("History of stops");
    }

    [SkippableFact]
    public async Task F26_Silence_IsSaid_AndSoIsItsEnd()
    {
        await using var visitor = await Visitor.SignInAsync(chromium, service.Process.Url, service.KeyOf("viewer"));
        var stale = visitor.Page.GetByText("The service does not answer: what you see may be out of date.").First;
        await Assertions.Expect(stale).ToBeHiddenAsync();
        await visitor.Page.RouteAsync("**/*", route => route.AbortAsync());
        await Assertions.Expect(stale).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await visitor.Page.UnrouteAllAsync();
        await Assertions.Expect(stale).ToBeHiddenAsync(new() { Timeout = 15_000 });
    }

    private static async Task TabToAsync(Visitor visitor, string name)
    {
        const int most = 30;
        for (var i = 0; i < most; i++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            if (await FocusedAsync(visitor) == name)
            {
                return;
            }
        }

        Assert.Fail($"{most} tab stops do not lead to {name}.");
    }

    /// <summary>What has the focus: its label, or its text.</summary>
    private static Task<string> FocusedAsync(Visitor visitor) =>
        visitor.Page.EvaluateAsync<string>("() => document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent");
}
