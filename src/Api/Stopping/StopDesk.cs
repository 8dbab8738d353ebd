using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Api.Stopping;

/// <summary>Takes a checked press to the stop system and turns its answer into a response.</summary>
internal sealed partial class StopDesk(IEmergencyStopSystem system, Refusals refusals, ILogger<StopDesk> logger)
{
    /// <summary>Engages a stop.</summary>
    public async Task<IResult> StopAsync(HttpContext http, StopTarget target, StopWish wish, string bodyHash)
    {
        var caller = http.Caller;
        var (key, wrongKey) = IdempotencyKey.Read(http.Request);
        if (wrongKey is not null)
        {
            return wrongKey;
        }

        LogStopAsked(target, wish.ReasonCode, caller.KeyId);
        var request = new EmergencyStopRequest(
            target, wish.Options, wish.ReasonCode, wish.Reason, caller, Arrival.Of(http), key, key is null ? null : bodyHash);

        // A press counts even if the one who pressed hangs up, so the request's own token is not passed on.
        return await system.StopAsync(request, wish.Wait, CancellationToken.None) switch
        {
            StopAnswer.Engaged engaged => Answer(engaged),
            StopAnswer.KeyReused => Problems.IdempotencyKeyReused,
            StopAnswer.Forbidden forbidden => await refusals.RefuseAsync(caller, Deed.Stop, target.Value, forbidden.Why),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to a stop."),
        };
    }

    private static IResult Answer(StopAnswer.Engaged engaged)
    {
        var response = new StopResponse(engaged.Result);
        return engaged.Result.State == StopState.Working
            ? TypedResults.Accepted($"{ApiPaths.Stops}/{engaged.Stop.Id.Value}", response)
            : TypedResults.Ok(response);
    }

    [LoggerMessage(EventIds.StopAsked, LogLevel.Warning, "Stop of {Target} asked for ({ReasonCode}) by key {KeyId}")]
    private partial void LogStopAsked(StopTarget target, EmergencyStopReason reasonCode, string keyId);
}
