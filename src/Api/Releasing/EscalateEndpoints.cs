using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Releasing;

/// <summary>The call that makes a standing stop close positions too.</summary>
internal static class EscalateEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapEscalate(this IEndpointRouteBuilder api) => api
        .MapPost("emergency-stop/stops/{stop_id}/close-positions", EscalateAsync)
        .Requires(Deed.Stop)
        .Idempotent()
        .Needs<EscalateBody>()
        .WithTags("Stopping")
        .WithSummary("Make a standing stop close positions too")
        .WithDescription("For who may engage such a stop. It answers like a stop: 202 while it works.")
        .WithMetadata(new QueryField("wait_ms", "integer", "Wins over the body's wait_ms."))
        .Produces<StopResponse>()
        .Produces<StopResponse>(StatusCodes.Status202Accepted)
        .ProducesProblems(400, 403, 404, 409, 413, 415, 422);

    private static async Task<IResult> EscalateAsync(
        HttpContext http, string stop_id, IStopDegrees degrees, IEmergencyStopSystem system, Refusals refusals, TimeProvider time, IOptions<ApiOptions> options)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<EscalateBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var id = PathText.TryRead<StopId>("stop_id", stop_id, errors);
        var reason = ReasonText.Read(body.Reason, needed: true, errors);
        var query = new QueryFields(http.Request.Query, errors);
        var wait = query.Number("wait_ms", 0, ApiOptions.MostWaitMs) ?? body.WaitMs ?? options.Value.StopWaitMs;
        query.Finish();
        errors.AddIf(wait is < 0 or > ApiOptions.MostWaitMs, "wait_ms", $"wait_ms must be from 0 to {ApiOptions.MostWaitMs}.");
        if (errors.Any || id is not { } stopId)
        {
            return errors.ToProblem();
        }

        // Once asked it is carried out, even if the one who asked hangs up.
        return await degrees.EscalateAsync(new(stopId, http.Caller, reason, time.GetUtcNow()), CancellationToken.None) switch
        {
            EscalateAnswer.Escalated => await AnswerAsync(system, stopId, TimeSpan.FromMilliseconds(wait)),
            EscalateAnswer.NotFound => Problems.NotFound($"There is no stop {stopId}."),
            EscalateAnswer.Forbidden forbidden => await refusals.RefuseAsync(http.Caller, Deed.Stop, stopId.Value, forbidden.Why),
            EscalateAnswer.Cannot cannot => Problems.CannotEscalate(stopId, cannot.Why),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to an escalation."),
        };
    }

    private static async Task<IResult> AnswerAsync(IEmergencyStopSystem system, StopId stop, TimeSpan wait)
    {
        var result = await system.ResultAsync(stop, wait, CancellationToken.None)
            ?? throw new InvalidOperationException($"Stop {stop} is gone."); // It was there to be escalated.
        return result.State == StopState.Working
            ? TypedResults.Accepted($"{ApiPaths.Stops}/{stop.Value}", new StopResponse(result))
            : TypedResults.Ok(new StopResponse(result));
    }
}
