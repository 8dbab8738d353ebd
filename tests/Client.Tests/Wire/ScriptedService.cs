using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace EmergencyStop.Client.Tests.Wire;

/// <summary>A service that answers as told, one script entry a request; the last one stays.</summary>
internal sealed class ScriptedService(params Func<CancellationToken, Task<HttpResponseMessage>>[] script) : HttpMessageHandler
{
    public const string Working =
        """{"success":false,"state":"working","message":"m","stop_id":"st-1","orders_cancelled":0,"strategies_paused":0,"positions_closed":0,"execution_time_ms":1.5,"gate_closed_ms":0.5,"outstanding":[],"errors":[],"unprotected_positions":[]}""";

    public static readonly string Completed = Working.Replace("working", "completed", StringComparison.Ordinal).Replace("false", "true", StringComparison.Ordinal);

    private readonly ConcurrentQueue<Seen> _seen = new();
    private int _next;

    public Seen[] Requests => [.. _seen];

    public static Func<CancellationToken, Task<HttpResponseMessage>> Answer(int status, string body, string type = "application/json", string? retryAfter = null) => _ =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (retryAfter is not null)
        {
            response.Headers.Add("Retry-After", retryAfter);
        }

        return Task.FromResult(response);
    };

    public static Func<CancellationToken, Task<HttpResponseMessage>> Problem(int status, string code, string more = "") =>
        Answer(status, $$"""{"type":"urn:x","title":"T","status":{{status}},"detail":"D","code":"{{code}}"{{more}}}""", "application/problem+json");

    public static Func<CancellationToken, Task<HttpResponseMessage>> Events(params (string Kind, string Data)[] events) =>
        Answer(200, string.Concat(events.Select(e => $"event: {e.Kind}\ndata: {e.Data}\n\n")), "text/event-stream");

    public static Task<HttpResponseMessage> Broken(CancellationToken cancellationToken) => throw new HttpRequestException("connection refused");

    public static async Task<HttpResponseMessage> Silent(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("Never reached.");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _seen.Enqueue(new(
            $"{request.Method} {request.RequestUri!.PathAndQuery}", // HttpClient requires one.
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null,
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken),
            request.Headers.Authorization?.ToString()));
        return await script[Math.Min(Interlocked.Increment(ref _next), script.Length) - 1](cancellationToken);
    }

    public sealed record Seen(string Line, string? Key, string? Body, string? Authorization);
}
