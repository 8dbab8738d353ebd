using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace EmergencyStop.Console.Tests.Browsing;

/// <summary>Somebody at a browser of their own, with whatever it can do.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _url;

    private Visitor(IBrowserContext context, IPage page, Uri url) => (_context, Page, _url) = (context, page, url);

    /// <summary>What they see.</summary>
    public IPage Page { get; }

    /// <summary>The requests that this browser makes beside its pages: with the session's cookies.</summary>
    public IAPIRequestContext Requests => _context.APIRequest;

    public static async Task<Visitor> ComeAsync(Chromium chromium, Uri url, bool withScripts = true)
    {
        var context = await chromium.Browser.NewContextAsync(new() { JavaScriptEnabled = withScripts, ViewportSize = new() { Width = 390, Height = 844 } });
        context.SetDefaultTimeout(30_000);
        return new(context, await context.NewPageAsync(), url);
    }

    /// <summary>A visitor who has signed in.</summary>
    public static async Task<Visitor> SignInAsync(Chromium chromium, Uri url, string key, bool withScripts = true)
    {
        var visitor = await ComeAsync(chromium, url, withScripts);
        await visitor.GoAsync("/");
        await visitor.SignInAsync(key);
        return visitor;
    }

    public Task<IResponse?> GoAsync(string path) => Page.GotoAsync(new Uri(_url, path).ToString());

    public async Task SignInAsync(string key)
    {
        await Page.GetByLabel("API key").FillAsync(key);
        await Button("Sign in").ClickAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name });

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>The path of the page.</summary>
    public string Path => new Uri(Page.Url).PathAndQuery;

    /// <summary>Waits until the page says something; who has no script asks for the latest again and again, as a person does.</summary>
    public async Task UntilSaidAsync(string words, bool withScripts = true)
    {
        if (withScripts)
        {
            await Assertions.Expect(Page.Locator("main")).ToContainTextAsync(new Regex(Regex.Escape(words)), new() { Timeout = 30_000 });
            return;
        }

        for (var i = 0; i < 100; i++)
        {
            if ((await Page.Locator("main").TextContentAsync())?.Contains(words, StringComparison.Ordinal) == true)
            {
                return;
            }

            await Link("Show the latest").ClickAsync();
        }

        throw new TimeoutException($"The page never said: {words}. It says: {await Page.Locator("main").TextContentAsync()}");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
