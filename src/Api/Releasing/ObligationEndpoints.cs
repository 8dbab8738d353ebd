using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Releasing;

/// <summary>The calls that name debts, and give one up.</summary>
internal static class ObligationEndpoints
{
    private const int LongestItem = 300;

    /// <summary>Maps them.</summary>
    public static void MapObligations(this IEndpointRouteBuilder api)
    {
        api.MapGet("emergency-stop/obligations", ListAsync)
            .Requires(Deed.Read)
            .WithTags("Releasing")
            .Queries(
                ("stop_id", "Only what this stop owes."),
                ("user_id", "Only what is owed in this user's book."),
                ("cursor", "next_cursor of the last page."),
                ("limit", "1 to 500; default 100."))
            .WithSummary("Every unmet debt of every stop, by name")
            .WithDescription("Each is tried again until it is met or waived, also after a release and a restart.")
            .Produces<ObligationsResponse>()
            .ProducesProblems(400, 403);
        api.MapPost("emergency-stop/stops/{stop_id}/obligations/waive", WaiveAsync)
            .Requires(Deed.Waive)
            .Idempotent()
            .Needs<WaiveBody>()
            .WithTags("Releasing")
            .WithSummary("Give one debt of a stop up, by name; a risk officer only")
            .WithDescription("The debt stays in the stop's outcomes as waived, with who and why. The stop is completed when that was its last one; other stops still owe theirs.")
            .Produces<WaiveResponse>()
            .ProducesProblems(400, 403, 404, 409, 413, 415, 422);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IStopDegrees degrees, TimeProvider time)
    {
        const int usualLimit = 100;
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var stop = query.Id<StopId>("stop_id");
        var asked = query.Id<UserId>("user_id");
        var cursor = query.Text("cursor", longest: 600);
        var limit = query.Number("limit", 1, Paging.MostRows) ?? usualLimit;
        query.Finish();
        var (user, refusal) = CallerAccess.BookToRead(http.Caller, asked);
        if (errors.Any || refusal is not null)
        {
            return refusal ?? errors.ToProblem();
        }

        var now = time.GetUtcNow();
        return await Paging.AnswerAsync(
            cursor,
            async () =>
            {
                var page = await degrees.ObligationsAsync(new(stop, user, cursor, limit), http.RequestAborted);
                return new Page<Obligation>(page.Items, page.NextCursor);
            },
            page => new ObligationsResponse([.. page.Items.Select(o => new ObligationResponse(o, now))], page.NextCursor));
    }

    private static async Task<IResult> WaiveAsync(HttpContext http, string stop_id, IStopDegrees degrees, Refusals refusals, TimeProvider time)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<WaiveBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var id = PathText.TryRead<StopId>("stop_id", stop_id, errors);
        var kind = errors.Required("kind", body.Kind);
        errors.AddIf(string.IsNullOrWhiteSpace(body.Item), "item", "item is missing: name the debt as emergency-stop/obligations does.");
        errors.AddIf(body.Item?.Length > LongestItem, "item", $"item has {body.Item?.Length} characters; {LongestItem} is the most.");
        var reason = ReasonText.Read(body.Reason, needed: true, errors);
        if (errors.Any || id is not { } stopId || body.Item is not { } item)
        {
            return errors.ToProblem();
        }

        var answer = await degrees.WaiveAsync(new(stopId, kind, item, http.Caller, reason, time.GetUtcNow()), CancellationToken.None);
        return answer switch
        {
            WaiveAnswer.Waived w => TypedResults.Ok(new WaiveResponse(w.Stop, w.Item)),
            WaiveAnswer.AlreadyMet met => Problems.ObligationMet(stopId, item, met.How),
            WaiveAnswer.NoSuchDebt => Problems.NoSuchObligation(stopId, kind, item),
            WaiveAnswer.NotFound => Problems.NotFound($"There is no stop {stopId}."),
            WaiveAnswer.Forbidden forbidden => await refusals.RefuseAsync(http.Caller, Deed.Waive, stopId.Value, forbidden.Why),
            _ => throw new InvalidOperationException($"{answer.GetType().Name} is no known answer to a waiver."),
        };
    }
}
