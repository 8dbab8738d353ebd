using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Sqlite;

namespace EmergencyStop.Silo.Tests;

/// <summary>Calls the API as one key's owner.</summary>
public sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http;

    private ServiceClient(Uri url, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(url, "/api/trading-engine/"), Timeout = TimeSpan.FromSeconds(100) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Makes a key in the ledger of a data folder, whether or not a service runs on it.</summary>
    public static async Task<string> MakeKeyAsync(string data, string role, string? user = null)
    {
        await using var ledger = await SqliteLedger.OpenAsync(new SqliteLedgerOptions { Path = Path.Combine(data, "ledger.db") }, TimeProvider.System);
        using var random = RandomNumberGenerator.Create();
        var (secret, hash) = ApiKeyFactory.Make(random);
        var key = new ApiKey(
            $"k-{RandomNumberGenerator.GetHexString(12, lowercase: true)}", $"{role} {user}", Enum.Parse<Role>(role.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true),
            user is null ? null : UserId.Parse(user), TimeProvider.System.GetUtcNow(), null);
        await ledger.AddKeyAsync(key, hash, CancellationToken.None);
        return secret;
    }

    /// <summary>Makes a key on the command line, as an operator does.</summary>
    public static Task<string> MakeKeyByCommandAsync(string data, string role, string? user = null) =>
        MakeKeyAsync(new Dictionary<string, string>(StringComparer.Ordinal), data, role, user);

    /// <summary>The same with settings from the environment, which may name another ledger.</summary>
    public static async Task<string> MakeKeyAsync(IReadOnlyDictionary<string, string> environment, string data, string role, string? user = null)
    {
        string[] owner = user is null ? [] : ["--user", user];
        var (code, output, error) = await ServiceProcess.RunWithAsync(
            environment, "Silo", ["keys", "create", "--role", role, "--name", $"{role} {user}", "--data", data, "--json", .. owner]);
        Assert.True(code == 0, $"keys create: {code}: {output}{error}");
        return JsonNode.Parse(output)?["key"]?.GetValue<string>() ?? throw new InvalidOperationException(output);
    }

    public static ServiceClient Of(ServiceProcess service, string key) => new(service.Url, key);

    public async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(HttpMethod method, string path, object? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, options: new JsonSerializerOptions());
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text) ?? new JsonObject());
    }

    public Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>A resting limit order, far from the market at 100.</summary>
    public Task<(HttpStatusCode Status, JsonNode Body)> PlaceAsync(string user, string strategy = "s1", string symbol = "AAPL", decimal price = 50) =>
        PostAsync("orders", new { user_id = user, strategy_id = strategy, symbol, side = "buy", quantity = 1, type = "limit", limit_price = price });

    /// <summary>Asks until the answer satisfies, at most 60 s.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> enough)
    {
        var body = (JsonNode)new JsonObject();
        for (var i = 0; i < 600; i++)
        {
            (_, body) = await GetAsync(path);
            if (enough(body))
            {
                return body;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"{path} never became as expected; last: {body.ToJsonString()}");
    }

    public void Dispose() => _http.Dispose();
}
