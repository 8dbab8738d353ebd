using System.Text.Json;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Following;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Orders;

/// <summary>The call that follows the changes of orders.</summary>
internal static class OrderEventEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapOrderEvents(this IEndpointRouteBuilder orders) => orders
        .MapGet("events", FollowAsync)
        .Requires(Deed.Read)
        .Queries(
            ("user_id", "Only this user's; a trader hears of the own book only."),
            ("strategy_id", "Only this strategy's."),
            ("symbol", "Only in this symbol."),
            (Follow.Field, $"Go on after this event, as the header {Follow.Header} does; default: from now on."))
        .WithSummary("The changes of orders, live")
        .WithDescription(
            "Server-sent events, in order and at least once: `ready` with the id from which on, then one event a change: `admitted`, `open`, "
            + "`partial_fill`, `filled`, `cancelled`, `rejected`, `ended`, `never_sent`, `unknown`, `replaced`. Comments fill silences. "
            + $"Reconnect with {Follow.Header} to lose nothing. Changes are kept for a time: 410 `events_gone`, or the event `gone` in a stream that "
            + "fell behind, means that some are lost; read GET orders, then follow from now on.")
        .Produces<OrderEventResponse>(StatusCodes.Status200OK, "text/event-stream")
        .ProducesProblems(400, 403, 410, 429);

    private static async Task<IResult> FollowAsync(HttpContext http, ILedger ledger, OrderEventStreams streams)
    {
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var asked = query.Id<UserId>("user_id");
        var strategy = query.Id<StrategyId>("strategy_id");
        var symbol = query.Id<Symbol>("symbol");
        var after = Follow.After(http.Request, query, errors);
        query.Finish();
        var (user, refusal) = CallerAccess.BookToRead(http.Caller, asked);
        return errors.Any || refusal is not null
            ? refusal ?? errors.ToProblem()
            : await Follow.OpenAsync(http, streams, after, Changes(ledger, new(0, user, strategy, symbol)), Problems.OrderEventsGone);
    }

    private static Followed<OrderEvent> Changes(ILedger ledger, OrderEventQuery wanted) => new(
        async (after, cancellationToken) =>
        {
            var page = await ledger.OrderEventsAsync(wanted with { After = after }, cancellationToken);
            return new(page.Events, page.Through, page.Oldest, page.Last);
        },
        ledger.OrderEventsAfterAsync,
        static e => new(e.Id, Words<OrderEventKind>.Of(e.Kind), Json(OrderEventResponse.Of(e))),
        static (id, name) => new(id, name, Json(new(id, null, null, null))));

    private static string Json(OrderEventResponse body) => JsonSerializer.Serialize(body, ApiJson.Options);
}

/// <summary>Bounds the streams of those who follow orders, apart from those that show stops.</summary>
internal sealed class OrderEventStreams(IOptions<ApiOptions> options) : StreamPlaces(options.Value.MaxOrderStreams);
