using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using EmergencyStop.Ids;
using EmergencyStop.Venues.Accounts;
using EmergencyStop.Venues.Alpaca.Wire;
using Polly;
using Polly.Retry;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>Makes calls: rate limit, one attempt or several, and what came of it. Never throws for what the venue does.</summary>
internal sealed class AlpacaCalls : IDisposable
{
    /// <summary>How long to leave a venue alone that answers 429 without saying until when.</summary>
    private static readonly TimeSpan UnstatedReset = TimeSpan.FromSeconds(1);

    /// <summary>The longest that its statement is believed; its clock may be wrong.</summary>
    private static readonly TimeSpan LongestReset = TimeSpan.FromSeconds(60);

    private readonly AlpacaOptions _options;
    private readonly ConfiguredAccounts _accounts;
    private readonly TimeProvider _time;
    private readonly LinkHealth _health;
    private readonly HttpClient _orders;
    private readonly HttpClient _others;
    private readonly ConcurrentDictionary<AccountId, RateBudget> _budgets = new();
    private readonly ResiliencePipeline<AlpacaReply> _retrying;

    public AlpacaCalls(AlpacaOptions options, ConfiguredAccounts accounts, TimeProvider time, LinkHealth health)
    {
        _options = options;
        _accounts = accounts;
        _time = time;
        _health = health;
        _orders = AlpacaConnections.Open(options);
        _others = AlpacaConnections.Open(options);
        _retrying = Pipeline();
    }

    /// <summary>One attempt, for what has a send window: an order, or a mass cancel. The token ends it and resets the connection.</summary>
    public ValueTask<AlpacaReply> SendOnceAsync(
        AccountId account, CallKind kind, HttpMethod method, string path, TrackedContent content, CancellationToken cancellationToken) =>
        AttemptAsync(new Call(account, kind, method, path), () => content, cancellationToken);

    /// <summary>A read, tried again while the venue does not answer.</summary>
    public ValueTask<AlpacaReply> GetAsync(AccountId account, string path, CallKind kind, CancellationToken cancellationToken) =>
        RetryAsync(new Call(account, kind, HttpMethod.Get, path), content: null, cancellationToken);

    /// <summary>A cancel of one order, tried again while the venue does not answer.</summary>
    public ValueTask<AlpacaReply> DeleteAsync(AccountId account, string path, CancellationToken cancellationToken) =>
        RetryAsync(new Call(account, CallKind.Cancelling, HttpMethod.Delete, path), () => new TrackedContent([], _time), cancellationToken);

    public void Dispose()
    {
        _orders.Dispose();
        _others.Dispose();
    }

    private ResiliencePipeline<AlpacaReply> Pipeline()
    {
        var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        double Draw()
        {
            lock (random)
            {
                return random.NextDouble();
            }
        }

        if (_options.Retries == 0)
        {
            return ResiliencePipeline<AlpacaReply>.Empty;
        }

        return new ResiliencePipelineBuilder<AlpacaReply> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<AlpacaReply>
            {
                ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Result is { IsTransient: true }),
                MaxRetryAttempts = _options.Retries,
                Delay = _options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = Draw,
                DelayGenerator = outcome => ValueTask.FromResult(
                    outcome.Outcome.Result?.RetryAfter is { } after ? after + (_options.RetryDelay * Draw()) : (TimeSpan?)null),
            })
            .Build();
    }

    private async ValueTask<AlpacaReply> RetryAsync(Call call, Func<TrackedContent>? content, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.CallTimeout, _time);
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var last = AlpacaReply.Failed(VenuePhase.RateLimit, "Nothing was tried.", givenUp: true);
        try
        {
            return await _retrying.ExecuteAsync(
                async token =>
                {
                    using var attempt = new CancellationTokenSource(_options.AttemptTimeout, _time);
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(token, attempt.Token);
                    last = Furthest(last, await AttemptAsync(call, content, either.Token, budgetToken: token));
                    return token.IsCancellationRequested ? last with { GivenUp = true } : last;
                },
                whole.Token);
        }
        catch (OperationCanceledException)
        {
            return last with { GivenUp = true };
        }
    }

    /// <summary>An attempt that came no further than the one before does not undo what that one may have done.</summary>
    private static AlpacaReply Furthest(AlpacaReply before, AlpacaReply now) =>
        !now.IsAnswer && !before.IsAnswer && before.Phase > now.Phase ? before with { GivenUp = now.GivenUp } : now;

    private async ValueTask<AlpacaReply> AttemptAsync(
        Call call, Func<TrackedContent>? makeContent, CancellationToken cancellationToken, CancellationToken? budgetToken = null)
    {
        var budget = _budgets.GetOrAdd(
            call.Account,
            static (_, me) => new RateBudget(me._options.EffectiveCallsPerMinute, me._options.ReservedForCancelsPercent, me._time),
            this);
        if (!await budget.EnterAsync(call.Kind, budgetToken ?? cancellationToken))
        {
            return AlpacaReply.Failed(VenuePhase.RateLimit, "The rate limit left no room in time.");
        }

        _health.Ask(call.Account);
        var reply = await ExchangeAsync(call, makeContent?.Invoke(), budget, cancellationToken);
        if (reply.IsAnswer || budgetToken is not { IsCancellationRequested: true })
        {
            _health.See(call.Account, reply); // A caller who gives up says nothing about the link.
        }

        return reply;
    }

    private async Task<AlpacaReply> ExchangeAsync(Call call, TrackedContent? content, RateBudget budget, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path) { Content = content };
        var key = _accounts.KeyOf(call.Account);
        request.Headers.TryAddWithoutValidation(AlpacaNames.KeyHeader, key.Id);
        request.Headers.TryAddWithoutValidation(AlpacaNames.SecretHeader, key.Secret);
        var answered = false;
        try
        {
            using var response = await (call.Kind == CallKind.Placing ? _orders : _others)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            answered = true;
            var wait = Heed(response, budget);
            return new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken), VenuePhase.Answer, string.Empty, wait);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException)
        {
            var phase = answered ? VenuePhase.Answer : content?.Phase ?? PhaseOf(failure);
            return AlpacaReply.Failed(
                phase, content?.Refusal ?? Words(failure, phase, cancellationToken), closed: !cancellationToken.IsCancellationRequested);
        }
    }

    /// <summary>Takes in the rate limit's headers.</summary>
    /// <returns>How long to wait after a 429.</returns>
    private TimeSpan? Heed(HttpResponseMessage response, RateBudget budget)
    {
        var now = _time.GetUtcNow();
        var reset = Number(response.Headers, AlpacaNames.ResetHeader) is { } seconds and > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : (DateTimeOffset?)null;
        var wait = reset is null ? UnstatedReset : reset.Value - now;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestReset ? LongestReset : wait;
        if ((int)response.StatusCode == 429)
        {
            budget.Close(now + wait);
            return wait;
        }

        if (reset is not null
            && Number(response.Headers, AlpacaNames.LimitHeader) is { } limit and > 0 and <= int.MaxValue
            && Number(response.Headers, AlpacaNames.RemainingHeader) is { } remaining and >= 0 and <= int.MaxValue)
        {
            budget.Learn((int)limit, (int)remaining, now + wait);
        }

        return null;
    }

    private static long? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && long.TryParse(values.FirstOrDefault(), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static VenuePhase PhaseOf(Exception failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    }
        ? VenuePhase.Connect
        : VenuePhase.Acknowledge;

    /// <summary>In words of our own: an exception's text may hold addresses.</summary>
    private static string Words(Exception failure, VenuePhase phase, CancellationToken cancellationToken) => phase switch
    {
        VenuePhase.Connect when cancellationToken.IsCancellationRequested => "No connection came in time.",
        VenuePhase.Connect => "The venue cannot be reached.",
        _ when cancellationToken.IsCancellationRequested => "No answer came in time; the connection was reset.",
        VenuePhase.Answer => "The answer broke off.",
        _ => failure is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
            ? "The venue closed the connection without an answer."
            : "The connection broke without an answer.",
    };

    private readonly record struct Call(AccountId Account, CallKind Kind, HttpMethod Method, string Path);
}
