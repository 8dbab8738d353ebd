using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Idempotency;

/// <summary>Gives the same answer to the same key and body, for every POST but stops, whose rows hold their keys themselves.</summary>
/// <remarks>
/// A crash between the effect and the remembered answer runs the request again, so each endpoint behind this filter is
/// idempotent by itself: an order by its client order id, a release and a resume by their nature.
/// </remarks>
internal sealed partial class IdempotencyFilter(
    IIdempotencyLedger ledger, InFlightRequests requests, TimeProvider time, IOptions<ApiOptions> options, ILogger<IdempotencyFilter> logger)
    : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (key, wrongKey) = IdempotencyKey.Read(http.Request);
        if (key is null)
        {
            return wrongKey ?? await next(context);
        }

        var (body, wrongBody) = await RequestBody.ReadAsync(http);
        if (body is null)
        {
            return wrongBody;
        }

        var keyId = http.Caller.KeyId;
        var (entry, mine) = requests.Enter(keyId, key, body.Hash);
        if (!mine)
        {
            return await RepeatAsync(entry, keyId, key, body.Hash, http.RequestAborted);
        }

        using (entry)
        {
            return await StandingAsync(keyId, key, body.Hash, http.RequestAborted)
                ?? await RunAsync(context, next, keyId, key, body.Hash);
        }
    }

    /// <summary>Waits for the first request, then gives its answer.</summary>
    private async Task<IResult> RepeatAsync(InFlight first, string keyId, string key, string hash, CancellationToken cancellationToken)
    {
        if (first.BodyHash != hash)
        {
            return Problems.IdempotencyKeyReused;
        }

        try
        {
            await first.Answered.WaitAsync(TimeSpan.FromMilliseconds(options.Value.RepeatWaitMs), time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return Problems.RequestInProgress;
        }

        // A first request that failed leaves no answer: the caller asks again and then runs it.
        return await StandingAsync(keyId, key, hash, cancellationToken) ?? Problems.RequestInProgress;
    }

    private async Task<IResult?> StandingAsync(string keyId, string key, string hash, CancellationToken cancellationToken) =>
        await ledger.FindAnswerAsync(keyId, key, cancellationToken) switch
        {
            null => null,
            { } answer when answer.BodyHash != hash => Problems.IdempotencyKeyReused,
            var answer => new CapturedAnswer(answer, repeated: true),
        };

    private async Task<IResult> RunAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next, string keyId, string key, string hash)
    {
        var result = await next(context) as IResult
            ?? throw new InvalidOperationException("An endpoint behind the idempotency filter must return a result.");
        var answer = await CapturedAnswer.CaptureAsync(result, context.HttpContext, hash);
        if (!CapturedAnswer.IsWorthRemembering(answer.Status))
        {
            return new CapturedAnswer(answer, repeated: false);
        }

        try
        {
            await ledger.RememberAnswerAsync(keyId, key, answer, time.GetUtcNow(), CancellationToken.None);
        }
        catch (LedgerUnavailableException e)
        {
            LogAnswerNotRemembered(e, context.HttpContext.Request.Path.Value, keyId); // What it tells of is recorded all the same.
        }

        return new CapturedAnswer(answer, repeated: false);
    }

    [LoggerMessage(EventIds.AnswerNotRemembered, LogLevel.Error, "The answer of {Path} to key {KeyId} could not be remembered")]
    private partial void LogAnswerNotRemembered(Exception e, string? path, string keyId);
}

/// <summary>Says that a POST takes an <c>Idempotency-Key</c>; in the API's description, and for the test that none is missed.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>Registration of idempotency on an endpoint.</summary>
internal static class IdempotencyRegistration
{
    /// <summary>Gives the same answer to the same key and body.</summary>
    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter<IdempotencyFilter>().WithMetadata(new TakesIdempotencyKey());
}
