using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using EmergencyStop.Ids;
using EmergencyStop.Strategies;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace EmergencyStop.Venues.Strategies;

/// <summary>Tells strategies by a signed POST to their callback URL, and writes each notice to the log.</summary>
public sealed partial class StrategyCallbacks : IStrategyManager, ICallbackRules, IDisposable
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ResolveBound = TimeSpan.FromSeconds(2);
    private readonly CallbackOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly byte[] _secret;
    private readonly CallbackConnections _connections;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<Attempt> _retrying;

    /// <summary>Reads the service's secret, or makes its file.</summary>
    /// <exception cref="IOException">The secret's file cannot be read or made.</exception>
    public StrategyCallbacks(IOptions<CallbackOptions> options, TimeProvider time, ILogger<StrategyCallbacks> log)
        : this(options, new CallbackNetworks((options ?? throw new ArgumentNullException(nameof(options))).Value), time, log)
    {
    }

    internal StrategyCallbacks(IOptions<CallbackOptions> options, CallbackNetworks networks, TimeProvider time, ILogger<StrategyCallbacks> log)
    {
        (_options, _time, _log) = (options.Value, time, log);
        _secret = _options.ServiceSecret();
        _connections = new(networks);
        _http = _connections.Open();
        _retrying = Pipeline();
    }

    /// <inheritdoc/>
    public string SecretOf(StrategyId strategy, int generation) => CallbackSigning.Show(CallbackSigning.SecretOf(_secret, strategy, generation));

    /// <inheritdoc/>
    public async ValueTask<string?> WhyNotAsync(Uri url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        using var late = new CancellationTokenSource(ResolveBound, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var (_, why) = await _connections.ResolveAsync(url.IdnHost, either.Token);
            return why is null ? null : $"{url.IdnHost} may not be called: {why}.";
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null; // It does not resolve now; each call looks again.
        }
    }

    /// <inheritdoc/>
    public async ValueTask<NoticeAnswer> TellAsync(Strategy strategy, StrategyNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(notice);
        if (strategy.CallbackUrl is not { } callback || !Uri.TryCreate(callback, UriKind.Absolute, out var url))
        {
            return new(Told: false, 0, "it has no callback_url");
        }

        var attempts = 0;
        var last = new Attempt(false, Again: true, "nothing was tried");
        using var late = new CancellationTokenSource(_options.GiveUpAfter, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            last = await _retrying.ExecuteAsync(
                async token =>
                {
                    attempts++;
                    return last = await TryAsync(url, strategy, notice, token);
                },
                either.Token);
        }
        catch (OperationCanceledException)
        {
            // Its time is over; the last try says why.
        }

        LogTold(notice.Stop, notice.Strategy, notice.Kind, last.Told ? "told" : last.Why, attempts);
        return new(last.Told, attempts, last.Told ? null : last.Why);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private ResiliencePipeline<Attempt> Pipeline() => _options.MostAttempts == 1
        ? ResiliencePipeline<Attempt>.Empty
        : new ResiliencePipelineBuilder<Attempt> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Result is { Told: false, Again: true }),
                MaxRetryAttempts = _options.MostAttempts - 1,
                Delay = _options.FirstRetry,
                MaxDelay = LongestRetry,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();

    private async Task<Attempt> TryAsync(Uri url, Strategy strategy, StrategyNotice notice, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.AttemptTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = Request(url, strategy, notice);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)answer.StatusCode;
            return status switch
            {
                >= 200 and < 300 => new(true, Again: false, string.Empty),
                >= 300 and < 400 => new(false, Again: false, $"it answered {status}; redirects are not followed"),
                408 or 425 or 429 or >= 500 => new(false, Again: true, $"it answered {status}"),
                _ => new(false, Again: false, $"it answered {status}"),
            };
        }
        catch (OperationCanceledException)
        {
            return new(false, Again: true, $"it did not answer within {_options.AttemptTimeout.TotalMilliseconds:0} ms");
        }
        catch (HttpRequestException e) when (Refusal(e) is { } why)
        {
            return new(false, Again: false, $"its address may not be called: {why}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or InvalidOperationException)
        {
            return new(false, Again: true, "it cannot be reached"); // An exception's text may hold addresses.
        }
    }

    private static string? Refusal(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is CallbackRefusedException refused)
            {
                return refused.Message;
            }
        }

        return null;
    }

    private HttpRequestMessage Request(Uri url, Strategy strategy, StrategyNotice notice)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(CallbackBody.Of(notice), CallbackJson.Default.CallbackBody);
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        var secret = CallbackSigning.SecretOf(_secret, strategy.Id, strategy.SecretGeneration);
        request.Headers.Add(CallbackSigning.IdHeader, notice.Id);
        request.Headers.Add(CallbackSigning.TimeHeader, now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(CallbackSigning.SignatureHeader, CallbackSigning.Sign(secret, notice.Id, now, body));
        request.Headers.UserAgent.ParseAdd("EmergencyStop");
        return request;
    }

    [LoggerMessage(VenueEvents.StrategyTold, LogLevel.Information, "Stop {StopId}: strategy {StrategyId}, {Kind}: {Outcome} after {Attempts} tries")]
    private partial void LogTold(StopId stopId, StrategyId strategyId, NoticeKind kind, string outcome, int attempts);

    private readonly record struct Attempt(bool Told, bool Again, string Why);
}
