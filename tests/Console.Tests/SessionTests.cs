using System.Net;
using System.Net.Http.Headers;
using EmergencyStop.Console.Tests.Browsing;
using EmergencyStop.Silo.Tests;

namespace EmergencyStop.Console.Tests;

/// <summary>Who is in, and who is not: the cookie opens pages and nothing else, a key opens the API and nothing else.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class SessionTests(RunningService service)
{
    private Uri Url => service.Process.Url;

    [Fact]
    public async Task Session_OpensNoApi_AndAKeyOpensNoPage()
    {
        using var alice = await FormClient.SignInAsync(Url, service.KeyOf("frank"));
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await alice.GetAsync("/api/trading-engine/orders")).StatusCode);
        using var panic = await alice.PostAsync("/api/trading-engine/emergency-stop/panic", null);
        Assert.Equal(HttpStatusCode.Unauthorized, panic.StatusCode);

        using var bearer = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Url };
        bearer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", service.KeyOf("frank"));
        var page = await bearer.GetAsync(new Uri("/orders", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Found, "/sign-in?return=%2Forders"), (page.StatusCode, page.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Cookies_AreOutOfReachOfScriptsAndOtherSites_AndPagesRunNothingElse()
    {
        using var frank = new FormClient(Url);
        using var signedIn = await frank.PostAsync("/sign-in", await frank.TokenAsync("/sign-in"), ("key", service.KeyOf("frank")), ("return", "//elsewhere.example/"));
        Assert.Equal("/", signedIn.Headers.Location?.OriginalString); // Never to another's page.
        var set = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"), c => c.StartsWith("emergency-stop-session=", StringComparison.Ordinal));
        Assert.Contains("samesite=strict; httponly", set, StringComparison.Ordinal);
        Assert.DoesNotContain("expires", set, StringComparison.Ordinal); // It goes with the browser.

        var page = await frank.GetAsync("/");
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());
        Assert.True(page.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain(service.KeyOf("frank"), await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(service.KeyOf("frank"), service.Process.Output, StringComparison.Ordinal);
        Assert.Contains("frank has signed in to the console", service.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevokedKey_IsSignedOutAtOnce_AndAPressThenSaysThatNothingWasDone()
    {
        var key = await ServiceClient.MakeKeyAsync(service.Data, "trader", "gina");
        using var gina = await FormClient.SignInAsync(Url, key);
        var (token, press) = await gina.QuestionAsync("/stop?panic=true");
        var (_, list, _) = await ServiceProcess.RunAsync("Silo", "keys", "list", "--data", service.Data, "--json");
        var id = System.Text.Json.Nodes.JsonNode.Parse(list)!.AsArray().Single(k => k!["name"]!.GetValue<string>() == "trader gina")!["id"]!.GetValue<string>();
        Assert.Equal(0, (await ServiceProcess.RunAsync("Silo", "keys", "revoke", id, "--data", service.Data)).Code);

        using var answer = await gina.PostAsync("/stop", token, press);
        Assert.Equal("/sign-in?pressed=true", answer.Headers.Location?.OriginalString);
        Assert.Contains("Nothing was done", await gina.TextAsync("/sign-in?pressed=true"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await gina.GetAsync("/")).StatusCode);
        Assert.Empty(gina.Cookies.Where(c => c.Name == "emergency-stop-session"));
        Assert.True((await service.Officer.GetAsync("gate?user_id=gina")).Body["open"]!.GetValue<bool>());
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        using var frank = await FormClient.SignInAsync(Url, service.KeyOf("frank"));
        using var answer = await frank.PostAsync("/sign-out", await frank.TokenAsync("/"));
        Assert.Equal("/sign-in", answer.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Found, (await frank.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task WrongKeys_AreHeldUp_AndAGoodOneIsNot()
    {
        using var stranger = new FormClient(Url);
        var token = await stranger.TokenAsync("/sign-in");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            using var answer = await stranger.PostAsync("/sign-in", token, ("key", "esk_" + new string('B', 43)));
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], statuses.Distinct());
        using var frank = await FormClient.SignInAsync(Url, service.KeyOf("frank"));
        Assert.Equal(HttpStatusCode.OK, (await frank.GetAsync("/")).StatusCode);
    }
}
