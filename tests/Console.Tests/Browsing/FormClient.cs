using System.Net;
using System.Text.RegularExpressions;

namespace EmergencyStop.Console.Tests.Browsing;

/// <summary>Somebody who sends the console's forms by hand, with the session's cookies, and follows no redirect.</summary>
public sealed partial class FormClient : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new() };
    private readonly HttpClient _http;

    public FormClient(Uri url)
    {
        _http = new HttpClient(_handler) { BaseAddress = url };
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    /// <summary>The session's cookies.</summary>
    public CookieCollection Cookies => _handler.CookieContainer.GetAllCookies();

    public static async Task<FormClient> SignInAsync(Uri url, string key)
    {
        var client = new FormClient(url);
        using var response = await client.PostAsync("/sign-in", await client.TokenAsync("/sign-in"), ("key", key));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return client;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>As the page's script does, which nobody has asked for anything.</summary>
    public Task<HttpResponseMessage> RefreshAsync(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Console-Refresh", "true");
        return _http.SendAsync(request);
    }

    public async Task<string> TextAsync(string path) => await (await GetAsync(path)).Content.ReadAsStringAsync();

    public Task<HttpResponseMessage> PostAsync(string path, string? token, params (string Name, string Value)[] fields) => _http.PostAsync(
        new Uri(path, UriKind.Relative),
        new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token ?? string.Empty)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))));

    /// <summary>The token of a page's forms.</summary>
    public async Task<string> TokenAsync(string path) => FieldOf(await TextAsync(path), "__RequestVerificationToken");

    /// <summary>The whole form behind the question of a stop, to be sent as often as one likes.</summary>
    public async Task<(string Token, (string Name, string Value)[] Fields)> QuestionAsync(string path)
    {
        var page = await TextAsync(path);
        return (FieldOf(page, "__RequestVerificationToken"),
        [
            ("press", FieldOf(page, "press")), ("target", FieldOf(page, "target")), ("reason", "drill"),
            .. Do().Matches(page).Select(m => ("do", m.Groups[1].Value)),
        ]);
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private static string FieldOf(string page, string name)
    {
        var field = Regex.Match(page, $"""name="{name}" value="([^"]*)""");
        Assert.True(field.Success, $"There is no {name} in {page}");
        return WebUtility.HtmlDecode(field.Groups[1].Value);
    }

    [GeneratedRegex("""type="hidden" name="do" value="([^"]*)""")]
    private static partial Regex Do();
}
