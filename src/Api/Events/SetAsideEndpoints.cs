using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Events;

/// <summary>The calls on events that a handler could not take in.</summary>
internal static class SetAsideEndpoints
{
    private const int UsualLimit = 100;

    /// <summary>Maps them.</summary>
    public static void MapSetAside(this IEndpointRouteBuilder events)
    {
        events.MapGet("set-aside", ListAsync)
            .Requires(Deed.Read)
            .Queries(
                ("handler", "Only this handler's."),
                ("state", "waiting, retrying, handled or dismissed."),
                ("cursor", "next_cursor of the last page."),
                ("limit", "1 to 500; default 100."))
            .WithSummary("Events that a handler could not take in, latest first; not for traders")
            .Produces<EventsSetAsideResponse>()
            .ProducesProblems(400, 403);
        Describe(events.MapPost("set-aside/{number}/retry", RetryAsync), "Have an event that was set aside tried again; a risk officer only");
        Describe(events.MapPost("set-aside/{number}/dismiss", DismissAsync), "Dismiss an event that was set aside, by name; a risk officer only");
    }

    private static async Task<IResult> ListAsync(HttpContext http, ILedger ledger)
    {
        if (Authority.Of(http.Caller.Role, Deed.Read) != Reach.All)
        {
            return Problems.Forbidden("A trader reads the own book only, and these events are of all books.");
        }

        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var handler = query.Text("handler");
        var state = query.Text("state") is { } word ? ReadState(word, errors) : null;
        var cursor = query.Text("cursor", longest: 600);
        var limit = query.Number("limit", 1, Paging.MostRows) ?? UsualLimit;
        query.Finish();
        return errors.Any
            ? errors.ToProblem()
            : await Paging.AnswerAsync(
                cursor,
                () => ledger.EventsSetAsideAsync(new(handler, state, cursor, limit), http.RequestAborted),
                page => new EventsSetAsideResponse([.. page.Items.Select(EventSetAsideResponse.Of)], page.NextCursor));
    }

    private static SetAsideState? ReadState(string word, FieldErrors errors)
    {
        var known = Enum.GetValues<SetAsideState>().Where(s => Words<SetAsideState>.Of(s) == word).ToArray();
        errors.AddIf(known.Length == 0, "state", $"state cannot be {word}. {Words<SetAsideState>.Choices}");
        return known is [var state] ? state : null;
    }

    private static Task<IResult> RetryAsync(HttpContext http, string number, ILedger ledger, TimeProvider time) =>
        SettleAsync(http, number, SetAsideState.Retrying, ledger, time);

    private static Task<IResult> DismissAsync(HttpContext http, string number, ILedger ledger, TimeProvider time) =>
        SettleAsync(http, number, SetAsideState.Dismissed, ledger, time);

    private static async Task<IResult> SettleAsync(HttpContext http, string number, SetAsideState to, ILedger ledger, TimeProvider time)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<SettleEventBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var good = long.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var which);
        errors.AddIf(!good, "number", "number must be that of an event that was set aside.");
        var reason = ReasonText.Read(body.Reason, needed: true, errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var change = new SetAsideChange(which, to, time.GetUtcNow(), http.Caller.DisplayName, reason);
        return await ledger.SettleSetAsideAsync(change, CancellationToken.None) is { } settled
            ? TypedResults.Ok(EventSetAsideResponse.Of(settled))
            : Problems.NothingSetAside(which);
    }

    private static void Describe(RouteHandlerBuilder endpoint, string summary) => endpoint
        .Requires(Deed.SettleEvent)
        .Idempotent()
        .Needs<SettleEventBody>()
        .WithSummary(summary)
        .Produces<EventSetAsideResponse>()
        .ProducesProblems(400, 403, 404, 409, 413, 415, 422);
}
