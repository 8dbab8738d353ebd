using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Events;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Events;
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

        return await AnswerAsync(http, target, await PressAsync(http, target, wish, key, bodyHash), Problems.IdempotencyKeyReused);
    }

    /// <summary>Engages a stop that an event asks for, and answers in JSON.</summary>
    public async Task<IResult> PublishAsync(HttpContext http, IEventBus bus, AskedStop asked)
    {
        try
        {
            var answer = await EngageAsync(
                http, asked.Target, asked.Wish, null, null, request => bus.PublishAsync(new(asked.Source, asked.Id, request, asked.Wish.Wait), CancellationToken.None));
            return await AnswerAsync(http, asked.Target, answer, Problems.EventIdReused);
        }
        catch (EventNotHandledException)
        {
            return Problems.EventNotHandled; // The bus has logged it and set it aside.
        }
    }

    /// <summary>Engages a stop for the one who sent this request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="target">What to stop.</param>
    /// <param name="wish">How.</param>
    /// <param name="key">The press's own name, so that it is never two; or <c>null</c>.</param>
    /// <param name="bodyHash">What the name is bound to.</param>
    public Task<StopAnswer> PressAsync(HttpContext http, StopTarget target, StopWish wish, string? key, string bodyHash) =>
        EngageAsync(http, target, wish, key, key is null ? null : bodyHash, request => system.StopAsync(request, wish.Wait, CancellationToken.None));

    /// <summary>A press counts even if the one who pressed hangs up, so the request's own token is not passed on.</summary>
    private async Task<StopAnswer> EngageAsync(
        HttpContext http, StopTarget target, StopWish wish, string? key, string? bodyHash, Func<EmergencyStopRequest, Task<StopAnswer>> engage)
    {
        var caller = http.Caller;
        LogStopAsked(target, wish.ReasonCode, caller.DisplayName, caller.KeyId, AnsweredProblem.TraceOf(http));
        var request = new EmergencyStopRequest(
            target, wish.Options, wish.ReasonCode, wish.Reason, caller, Arrival.Of(http), key, bodyHash)
        {
            Except = wish.Except,
        };

        var answer = await engage(request);
        if (answer is StopAnswer.Engaged engaged)
        {
            LogStopAnswered(engaged.Stop.Id, engaged.Result.State, engaged.Repeated ? "the standing stop" : "the new stop", engaged.Result.GateClosedMs, AnsweredProblem.TraceOf(http));
        }

        return answer;
    }

    private async Task<IResult> AnswerAsync(HttpContext http, StopTarget target, StopAnswer answer, Problem reused) => answer switch
    {
        StopAnswer.Engaged engaged => Answer(engaged),
        StopAnswer.KeyReused => reused,
        StopAnswer.Forbidden forbidden => await refusals.RefuseAsync(http.Caller, Deed.Stop, target.Value, forbidden.Why),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to a stop."),
    };

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
