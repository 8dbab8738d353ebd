using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Api.Stopping;

/// <summary>Takes a checked press to the stop system and turns its answer into a response.</summary>
internal sealed partial class StopDesk(IEmergencyStopSystem system, Refusals refusals, ILogger<StopDesk> logger)
{
    /// <summary>Engages a stop, and answers in JSON.</summary>
    public async Task<IResult> StopAsync(HttpContext http, StopTarget target, StopWish wish, string bodyHash)
    {
        var (key, wrongKey) = IdempotencyKey.Read(http.Request);
        if (wrongKey is not null)
        {
            return wrongKey;
        }

        return await PressAsync(http, target, wish, key, bodyHash) switch
        {
            StopAnswer.Engaged engaged => Answer(engaged),
            StopAnswer.KeyReused => Problems.IdempotencyKeyReused,
            StopAnswer.Forbidden forbidden => await refusals.RefuseAsync(http.Caller, Deed.Stop, target.Value, forbidden.Why),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to a stop."),
        };
    }

    /// <summary>Engages a stop for the one who sent this request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="target">What to stop.</param>
    /// <param name="wish">How.</param>
    /// <param name="key">The press's own name, so that it is never two; or <c>null</c>.</param>
    /// <param name="bodyHash">What the name is bound to.</param>
    public async Task<StopAnswer> PressAsync(HttpContext http, StopTarget target, StopWish wish, string? key, string bodyHash)
    {
        var caller = http.Caller;
        LogStopAsked(target, wish.ReasonCode, caller.DisplayName, caller.KeyId, AnsweredProblem.TraceOf(http));
        var request = new EmergencyStopRequest(
            target, wish.Options, wish.ReasonCode, wish.Reason, caller, Arrival.Of(http), key, key is null ? null : bodyHash)
        {
            Except = wish.Except,
        };

        // A press counts even if the one who pressed hangs up, so the request's own token is not passed on.
        var answer = await system.StopAsync(request, wish.Wait, CancellationToken.None);
        if (answer is StopAnswer.Engaged engaged)
        {
            LogStopAnswered(engaged.Stop.Id, engaged.Result.State, engaged.Repeated ? "the standing stop" : "the new stop", engaged.Result.GateClosedMs, AnsweredProblem.TraceOf(http));
        }

        return answer;
    }

    private static IResult Answer(StopAnswer.Engaged engaged)
    {
        var response = new StopResponse(engaged.Result);
        return engaged.Result.State == StopState.Working
            ? TypedResults.Accepted($"{ApiPaths.Stops}/{engaged.Stop.Id.Value}", response)
            : TypedResults.Ok(response);
    }

    [LoggerMessage(EventIds.StopAsked, LogLevel.Warning, "Stop of {Target} is asked for ({ReasonCode}) by {By} with key {KeyId}, trace {TraceId}")]
    private partial void LogStopAsked(StopTarget target, EmergencyStopReason reasonCode, string by, string keyId, string traceId);

    [LoggerMessage(EventIds.StopAnswered, LogLevel.Information, "Stop {StopId}: the caller is answered {State} for {Which}, gate closed after {GateClosedMs} ms, trace {TraceId}")]
    private partial void LogStopAnswered(StopId stopId, StopState state, string which, double gateClosedMs, string traceId);
}
