using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Wire;
using EmergencyStop.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Stopping;

/// <summary>The calls that look at stops, or at what one would do.</summary>
internal static class StopReads
{
    /// <summary>Maps them.</summary>
    public static void MapStopReads(this IEndpointRouteBuilder api)
    {
        var reads = api.MapGroup(string.Empty).Requires(Deed.Read).WithTags("Stopping");
        reads.MapPost("emergency-stop/preview", PreviewAsync)
            .Idempotent()
            .Takes<ExecuteBody>()
            .WithSummary("What a stop would touch and leave unprotected, without touching it")
            .Produces<PreviewResponse>()
            .ProducesProblems(400, 403, 413, 415, 422);
        reads.MapGet("emergency-stop/history", HistoryAsync)
            .Queries(("user_id", "Only the stops of this user's book."), ("cursor", "next_cursor of the last page."), ("limit", "1 to 500; default 50."))
            .WithSummary("Every stop, newest first")
            .Produces<HistoryResponse>()
            .ProducesProblems(400, 403);
        reads.MapGet("emergency-stop/stops/{stop_id}", DetailAsync)
            .AlsoWithoutLedger()
            .WithSummary("One stop with every outcome")
            .Produces<StopDetailResponse>()
            .ProducesProblems(400, 404);
        reads.MapGet("emergency-stop/stops/{stop_id}/events", EventsAsync)
            .AlsoWithoutLedger()
            .WithSummary("One stop's progress, live")
            .WithDescription("Server-sent events: `progress` with the result so far whenever it changes, `heartbeat` in between, and `end` once the flow has been through.")
            .Produces<StopResponse>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblems(400, 404, 429);
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, IEmergencyStopSystem system, ILedger ledger)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<ExecuteBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var target = TargetResolution.Resolve(body, http.Caller, errors);
        var wish = StopWish.Read(body, waitMs: null, new(), needsReason: false, defaultWaitMs: 0, errors);
        errors.AddIf(body.Except is { IsDefaultOrEmpty: false }, "except", "A preview shows the whole target: leave except out.");
        if (errors.Any || target is not { } scope)
        {
            return errors.ToProblem();
        }

        return await MayReadAsync(http, scope, ledger)
            ? TypedResults.Ok(new PreviewResponse(await system.PreviewAsync(scope, wish.Options, http.RequestAborted)))
            : Problems.Forbidden("A trader previews stops of the own book only.");
    }

    private static async Task<IResult> HistoryAsync(HttpContext http, ILedger ledger, TimeProvider time)
    {
        const int usualLimit = 50;
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var asked = query.Id<UserId>("user_id");
        var cursor = query.Text("cursor");
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
            () => ledger.HistoryAsync(new(user, cursor, limit), http.RequestAborted),
            page => new HistoryResponse([.. page.Items.Select(s => new HistoryEntry(s, now))], page.NextCursor));
    }

    private static async Task<IResult> DetailAsync(
        HttpContext http, string stop_id, ILedger ledger, IStopBrake brake, IStopWarnings warnings, TimeProvider time)
    {
        var (stop, problem) = await FindAsync(http, stop_id, ledger, brake);
        if (stop is null)
        {
            return problem!; // There is one whenever there is no stop.
        }

        if (brake.Find(stop.Id) is { } unrecorded)
        {
            return TypedResults.Ok(new StopDetailResponse(unrecorded));
        }

        if (stop.Number == 0)
        {
            stop = await ledger.FindStopAsync(brake.StandsAs(stop.Id), http.RequestAborted) ?? stop; // Recorded since it was found.
        }

        var outcomes = await ledger.OutcomesAsync(stop.Id, http.RequestAborted);
        var notices = await ledger.NoticesAsync(stop.Id, http.RequestAborted);
        return TypedResults.Ok(new StopDetailResponse(stop, outcomes, notices, time.GetUtcNow(), warnings.Of(stop.Target, stop.Options)));
    }

    internal static async Task<IResult> EventsAsync(HttpContext http, string stop_id, ILedger ledger, IStopBrake brake, StopProgress progress)
    {
        var (stop, problem) = await FindAsync(http, stop_id, ledger, brake);
        if (stop is null)
        {
            return problem!; // There is one whenever there is no stop.
        }

        if (progress.TryOpen() is not { } stream)
        {
            return Problems.TooManyStreams;
        }

        http.Response.RegisterForDispose(stream);
        return TypedResults.ServerSentEvents(progress.WatchAsync(stop.Id, http.RequestAborted));
    }

    /// <summary>The stop, if there is one and the caller may see it; a trader sees those of the own book.</summary>
    internal static async Task<(Stop? Stop, Problem? Problem)> FindAsync(HttpContext http, string text, ILedger ledger, IStopBrake brake)
    {
        var errors = new FieldErrors();
        if (PathText.TryRead<StopId>("stop_id", text, errors) is not { } id)
        {
            return (null, errors.ToProblem());
        }

        if (brake.Find(id) is { Stop: var unrecorded } && MayReadUnrecorded(http.Caller, unrecorded))
        {
            return (unrecorded, null);
        }

        return await ledger.FindStopAsync(brake.StandsAs(id), http.RequestAborted) is { } stop && await MayReadAsync(http, stop.Target, ledger)
            ? (stop, null)
            : (null, Problems.NotFound($"There is no stop {id} that this key may see."));
    }

    /// <summary>Without the ledger nobody says whose a strategy is, but its stop says who engaged it.</summary>
    private static bool MayReadUnrecorded(Caller caller, Stop stop) =>
        Authority.Allows(caller, Deed.Read, stop.Target.User) || stop.Request.RequestedBy.KeyId == caller.KeyId;

    internal static async ValueTask<bool> MayReadAsync(HttpContext http, StopTarget target, ILedger ledger)
    {
        var owner = target.Strategy is { } id ? (await ledger.FindStrategyAsync(id, http.RequestAborted))?.User : null;
        return Authority.Allows(http.Caller, Deed.Read, owner ?? target.User);
    }
}
