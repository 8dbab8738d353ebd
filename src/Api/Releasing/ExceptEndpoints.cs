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

namespace EmergencyStop.Api.Releasing;

/// <summary>The calls that let a part of a stopped target trade, and put it back; a risk officer only.</summary>
internal static class ExceptEndpoints
{
    private const string Path = "emergency-stop/stops/{stop_id}/except";

    /// <summary>Maps them.</summary>
    public static void MapExcept(this IEndpointRouteBuilder api)
    {
        Describe(api.MapPost(Path, ExceptAsync).Idempotent().Needs<ExceptBody>(), "Let one user, strategy, symbol or symbol in a book trade inside a wider stop")
            .WithDescription("Refused while the stop is working, and while something that it owes may be in the part. Strategies stay paused until each is resumed.");
        Describe(api.MapPost($"{Path}/remove", PutBackAsync).Idempotent().Needs<ExceptBody>(), "Put a part back")
            .WithDescription("The part's gate is closed in one commit; the stop owes every order of it numbered before, and works anew.");
        Describe(api.MapDelete($"{Path}/{{target}}", DeleteAsync), "Put a part back")
            .Queries(("reason", "Why, in words; default: put back."))
            .WithDescription("The same as except/remove, with the part percent-encoded in the path.");
    }

    private static Task<IResult> ExceptAsync(HttpContext http, string stop_id, IStopDegrees degrees, Refusals refusals, TimeProvider time) =>
        OfBodyAsync(http, stop_id, refusals, time, degrees.ExceptAsync);

    private static Task<IResult> PutBackAsync(HttpContext http, string stop_id, IStopDegrees degrees, Refusals refusals, TimeProvider time) =>
        OfBodyAsync(http, stop_id, refusals, time, degrees.PutBackAsync);

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string stop_id, string target, IStopDegrees degrees, Refusals refusals, TimeProvider time)
    {
        var errors = new FieldErrors();
        var id = PathText.TryRead<StopId>("stop_id", stop_id, errors);
        var part = PathText.TryRead<StopTarget>("target", target, errors);
        var query = new QueryFields(http.Request.Query, errors);
        var reason = ReasonText.Read(query.Text("reason", EmergencyStopRequest.LongestReason) ?? "put back", needed: true, errors);
        query.Finish();
        return errors.Any || id is not { } stopId || part is not { } named
            ? errors.ToProblem()
            : await AnswerAsync(http, new(stopId, named, http.Caller, reason, time.GetUtcNow()), refusals, degrees.PutBackAsync);
    }

    private static async Task<IResult> OfBodyAsync(
        HttpContext http, string stop_id, Refusals refusals, TimeProvider time, Func<ExceptRequest, CancellationToken, Task<ExceptAnswer>> act)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<ExceptBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var id = PathText.TryRead<StopId>("stop_id", stop_id, errors);
        var part = errors.Required("target", body.Target);
        var reason = ReasonText.Read(body.Reason, needed: true, errors);
        return errors.Any || id is not { } stopId
            ? errors.ToProblem()
            : await AnswerAsync(http, new(stopId, part, http.Caller, reason, time.GetUtcNow()), refusals, act);
    }

    /// <summary>Once asked it is carried out, even if the one who asked hangs up.</summary>
    private static async Task<IResult> AnswerAsync(
        HttpContext http, ExceptRequest request, Refusals refusals, Func<ExceptRequest, CancellationToken, Task<ExceptAnswer>> act) =>
        await act(request, CancellationToken.None) switch
        {
            ExceptAnswer.Done done => TypedResults.Ok(new ExceptResponse(done.Stop)),
            ExceptAnswer.NotFound => Problems.NotFound($"There is no stop {request.Stop}."),
            ExceptAnswer.Forbidden forbidden => await refusals.RefuseAsync(http.Caller, Deed.Except, request.Stop.Value, forbidden.Why),
            ExceptAnswer.NotInside wrong => Problems.ValidationFailed("target", wrong.Why),
            ExceptAnswer.NotCarvedOut => Problems.NotCarvedOut(request.Stop, request.Target),
            ExceptAnswer.HoldsNothing nothing => Problems.CannotCarve(request.Stop, nothing.Why),
            ExceptAnswer.Working => Problems.StopWorking(request.Stop),
            ExceptAnswer.Outstanding o => Problems.ObligationsOpen(request.Stop, [.. o.Items.Select(i => new OutcomeResponse(i))]),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to a carve-out."),
        };

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string summary) => endpoint
        .Requires(Deed.Except)
        .WithTags("Releasing")
        .WithSummary(summary)
        .Produces<ExceptResponse>()
        .ProducesProblems(400, 403, 404, 409, 413, 415, 422);
}
