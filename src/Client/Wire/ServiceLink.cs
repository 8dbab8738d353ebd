using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace EmergencyStop.Client.Wire;

/// <summary>Sends calls, and again when a failure may pass.</summary>
internal sealed class ServiceLink : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2); // A moved service is found again by its name.

    private readonly EmergencyStopClientOptions _options;
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private readonly ResiliencePipeline _retries;
    private readonly ConcurrentDictionary<Task, bool> _presses = new();

    public ServiceLink(EmergencyStopClientOptions options, HttpClient http, bool ownsHttp)
    {
        (_options, _http, _ownsHttp) = (options, http, ownsHttp);
        _retries = options.MaxRetries == 0 ? ResiliencePipeline.Empty : Retries(options);
    }

    /// <summary>Connections that follow no redirect, which could turn a POST into a GET.</summary>
    public static HttpClient OwnHttp()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
        };
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan }; // Each try has its own.
    }

    /// <summary>Sends a call until it is answered, gives up with the token.</summary>
    public async Task<T> SendAsync<T>(ServiceCall call, CancellationToken cancellationToken) =>
        await _retries.ExecuteAsync(token => TryOnceAsync<T>(call, token), cancellationToken).ConfigureAwait(false);

    /// <summary>Sends a stop until it is answered or the retries are used up; the token ends the wait only.</summary>
    public async Task<T> PressAsync<T>(ServiceCall call, CancellationToken cancellationToken)
    {
        var press = SendAsync<T>(call, CancellationToken.None);
        _presses[press] = true;
        _ = press.ContinueWith(
            p => _presses.TryRemove(p, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await press.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The events of one connection; ends when the service ends it.</summary>
    /// <exception cref="EmergencyStopException">It could not be opened, broke, or was silent for too long.</exception>
    public async IAsyncEnumerable<SseItem<T>> EventsAsync<T>(ServiceCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(_options.AttemptTimeout, _options.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        using var request = call.ToRequest(_options);
        using var response = await GuardAsync(call, async () =>
        {
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending.Token).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? answer : throw await RefusalAsync(call, answer, ending.Token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        await using var stream = await GuardAsync(call, () => response.Content.ReadAsStreamAsync(ending.Token), cancellationToken).ConfigureAwait(false);
        await using var events = SseParser.Create(stream, (_, data) => Read<T>(data, (int)response.StatusCode))
            .EnumerateAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        silence.CancelAfter(_options.StreamSilence);
        while (await GuardAsync(call, () => events.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
        {
            silence.CancelAfter(Timeout.InfiniteTimeSpan); // The one who listens may take time over an event.
            yield return events.Current;
            silence.CancelAfter(_options.StreamSilence);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_presses.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Whoever still waits is told.
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    private static ResiliencePipeline Retries(EmergencyStopClientOptions options) => new ResiliencePipelineBuilder { TimeProvider = options.Time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<EmergencyStopException>(e => e.Problem.MayPass),
            MaxRetryAttempts = options.MaxRetries,
            Delay = options.RetryDelay,
            MaxDelay = options.MaxRetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            DelayGenerator = retry => ValueTask.FromResult(retry.Outcome.Exception is EmergencyStopException { RetryAfter: { } after }
                ? after < options.MaxRetryDelay ? after : options.MaxRetryDelay
                : (TimeSpan?)null),
        })
        .Build();

    private async ValueTask<T> TryOnceAsync<T>(ServiceCall call, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.AttemptTimeout + call.Wait, _options.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        return await GuardAsync(call, async () =>
        {
            using var request = call.ToRequest(_options);
            using var response = await _http.SendAsync(request, ending.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? Read<T>(await response.Content.ReadAsByteArrayAsync(ending.Token).ConfigureAwait(false), (int)response.StatusCode)
                : throw await RefusalAsync(call, response, ending.Token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Turns every way in which a connection fails into the one exception; the caller's own cancellation stays what it is.</summary>
    private async Task<T> GuardAsync<T>(ServiceCall call, Func<Task<T>> act, CancellationToken cancellationToken)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable("it took too long.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable(e.Message, e);
        }
        catch (EmergencyStopException e) when (e.IdempotencyKey is null && call.IdempotencyKey is not null)
        {
            throw new EmergencyStopException(e.Problem, e) { IdempotencyKey = call.IdempotencyKey };
        }

        EmergencyStopException Unreachable(string why, Exception inner) =>
            new(ProblemReading.Unreachable(_options.Url, why), inner) { IdempotencyKey = call.IdempotencyKey };
    }

    private static T Read<T>(ReadOnlySpan<byte> json, int status)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, EmergencyStopJson.Options) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException e)
        {
            throw new EmergencyStopException(ProblemReading.Unexpected(status, $"HTTP {status}, but what came with it is not what was asked for."), e);
        }
    }

    private async Task<EmergencyStopException> RefusalAsync(ServiceCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            var after = response.Headers.RetryAfter;
            return new(ProblemReading.Read((int)response.StatusCode, body))
            {
                IdempotencyKey = call.IdempotencyKey,
                RetryAfter = after?.Delta ?? (after?.Date is { } date ? Max(date - _options.Time.GetUtcNow()) : null),
            };
        }

        static TimeSpan Max(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
