using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Status;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Releasing;

/// <summary>The call that lifts one stop.</summary>
internal static class ReleaseEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapReleasing(this IEndpointRouteBuilder api) => api
        .MapPost("emergency-stop/stops/{stop_id}/release", ReleaseAsync)
        .Requires(Deed.Release)
        .Idempotent()
        .Needs<ReleaseBody>()
        .WithTags("Releasing")
        .WithSummary("Lift one stop")
        .WithDescription("Refused while the stop is working or anything it owes is open or unknown; with despite_outstanding, whoever owes something stays stopped and the rest opens. Strategies stay paused unless a risk officer asks for resume_strategies.")
        .Produces<ReleaseResponse>()
        .ProducesProblems(400, 403, 404, 409, 413, 415, 422);

    private static async Task<IResult> ReleaseAsync(
        HttpContext http, string stop_id, ILedger ledger, IEmergencyStopSystem system, Refusals refusals, TimeProvider time)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<ReleaseBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var id = PathText.TryRead<StopId>("stop_id", stop_id, errors);
        var reason = ReasonText.Read(body.Reason, needed: true, errors);
        if (errors.Any || id is not { } stopId)
        {
            return errors.ToProblem();
        }

        // Once asked, a release is carried out even if the one who asked hangs up: no half of it may be left.
        var answer = await system.ReleaseAsync(
            new(stopId, http.Caller, reason, body.ResumeStrategies ?? false, time.GetUtcNow()) { DespiteOutstanding = body.DespiteOutstanding ?? false },
            CancellationToken.None);
        return answer is ReleaseAnswer.Forbidden forbidden
            ? await refusals.RefuseAsync(http.Caller, Deed.Release, stopId.Value, forbidden.Why)
            : Show(stopId, answer, ledger.Gate);
    }

    internal static IResult Show(StopId id, ReleaseAnswer answer, GateView gate) => answer switch
    {
        ReleaseAnswer.Released r => TypedResults.Ok(new ReleaseResponse(r.Stop, r.StillHeld, r.StillPaused)),
        ReleaseAnswer.AlreadyReleased r => TypedResults.Ok(new ReleaseResponse(r.Stop, GateCover.Over(r.Stop.Target, gate), [])),
        ReleaseAnswer.Narrowed n => TypedResults.Ok(
            new ReleaseResponse(n.Stop, [.. GateCover.Over(n.Stop.Target, gate).Where(l => l.Stop != id)], [], n.Items)),
        ReleaseAnswer.CannotNarrow c => Problems.CannotNarrow(id, c.Why),
        ReleaseAnswer.NotFound => NotFound(id),
        ReleaseAnswer.HoldsNothing => Problems.HoldsNothing(id),
        ReleaseAnswer.Working => Problems.StopWorking(id),
        ReleaseAnswer.Outstanding o => Problems.ObligationsOpen(id, [.. o.Items.Select(i => new OutcomeResponse(i))]),
        _ => throw new InvalidOperationException($"{answer.GetType().Name} is no known answer to a release."),
    };

    private static Problem NotFound(StopId id) => Problems.NotFound($"There is no stop {id}.");
}
