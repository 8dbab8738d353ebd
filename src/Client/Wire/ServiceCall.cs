using System.Net.Http.Headers;
using System.Text.Json;

namespace EmergencyStop.Client.Wire;

/// <summary>One call, made once and sent as often as it takes: every try has the same key and the same bytes.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the API's base, with its query.</param>
internal sealed record ServiceCall(HttpMethod Method, string Path)
{
    private const string Base = "/api/trading-engine/";

    /// <summary>How long the service waits for a stop's end unless told.</summary>
    public static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(5);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The body; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The key; every POST has one.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How long the service was asked to wait.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>A read.</summary>
    public static ServiceCall Get(string path) => new(HttpMethod.Get, path);

    /// <summary>A POST.</summary>
    public static ServiceCall Post<TBody>(string path, TBody body, string idempotencyKey) => new(HttpMethod.Post, path)
    {
        Body = JsonSerializer.SerializeToUtf8Bytes(body, EmergencyStopJson.Options),
        IdempotencyKey = idempotencyKey,
    };

    /// <summary>A change that is sent under a key, as a POST is.</summary>
    public static ServiceCall Patch<TBody>(string path, TBody body, string idempotencyKey) =>
        Post(path, body, idempotencyKey) with { Method = HttpMethod.Patch };

    /// <summary>A new request for one try.</summary>
    public HttpRequestMessage ToRequest(EmergencyStopClientOptions options)
    {
        var request = new HttpRequestMessage(Method, new Uri(options.Url, Base + Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        if (IdempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", IdempotencyKey);
        }

        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body) { Headers = { ContentType = Json } };
        }

        return request;
    }
}
