using System.Globalization;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Orders;

/// <summary>The call that follows the changes of orders.</summary>
internal static class OrderEventEndpoint
{
    private const string Header = "Last-Event-ID";
    private const string Field = "last_event_id";

    /// <summary>Maps it.</summary>
    public static void MapOrderEvents(this IEndpointRouteBuilder orders) => orders
        .MapGet("events", FollowAsync)
        .Requires(Deed.Read)
        .Queries(
            ("user_id", "Only this user's; a trader hears of the own book only."),
            ("strategy_id", "Only this strategy's."),
            ("symbol", "Only in this symbol."),
            (Field, $"Go on after this event, as the header {Header} does; default: from now on."))
        .WithSummary("The changes of orders, live")
        .WithDescription(
            "Server-sent events, in order and at least once: `ready` with the id from which on, then one event a change: `admitted`, `open`, "
            + "`partial_fill`, `filled`, `cancelled`, `rejected`, `ended`, `never_sent`, `unknown`, `replaced`. Comments fill silences. "
            + $"Reconnect with {Header} to lose nothing. Changes are kept for a time: 410 `events_gone`, or the event `gone` in a stream that "
            + "fell behind, means that some are lost; read GET orders, then follow from now on.")
        .Produces<OrderEventResponse>(StatusCodes.Status200OK, "text/event-stream")
        .ProducesProblems(400, 403, 410, 429);

    private static async Task<IResult> FollowAsync(
        HttpContext http, ILedger ledger, OrderEventStreams streams, TimeProvider time, IHostApplicationLifetime lifetime, IOptions<ApiOptions> options)
    {
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var asked = query.Id<UserId>("user_id");
        var strategy = query.Id<StrategyId>("strategy_id");
        var symbol = query.Id<Symbol>("symbol");
        var after = After(http.Request.Headers[Header].ToString() is { Length: > 0 } header ? header : query.Text(Field), errors);
        _ = query.Text(Field);
        query.Finish();
        var (user, refusal) = CallerAccess.BookToRead(http.Caller, asked);
        if (errors.Any || refusal is not null)
        {
            return refusal ?? errors.ToProblem();
        }

        if (streams.TryOpen() is not { } stream)
        {
            return Problems.TooManyStreams;
        }

        http.Response.RegisterForDispose(stream);
        var wanted = new OrderEventQuery(after ?? 0, user, strategy, symbol);
        var page = await ledger.OrderEventsAsync(after is null ? wanted with { After = long.MaxValue - 1 } : wanted, http.RequestAborted);
        if (after is null)
        {
            wanted = wanted with { After = page.Last };
            page = new([], page.Last, page.Oldest, page.Last);
        }

        // A follower who is ahead of the ledger has heard what a restored one has forgotten.
        return wanted.After + 1 < page.Oldest || wanted.After > page.Last
            ? Problems.EventsGone(wanted.After, page.Oldest, page.Last)
            : new OrderEventStream(ledger, wanted, page, TimeSpan.FromMilliseconds(options.Value.HeartbeatMs), time, lifetime.ApplicationStopping);
    }

    private static long? After(string? text, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        var good = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < long.MaxValue - 1;
        errors.AddIf(!good, Field, $"{Header} and {Field} must be the id of an event, unchanged.");
        return id;
    }
}

/// <summary>Bounds the streams of those who follow orders, apart from those that show stops.</summary>
internal sealed class OrderEventStreams(IOptions<ApiOptions> options)
{
    private int _open;

    /// <summary>A place, to be disposed of at the stream's end; <c>null</c> when all are taken.</summary>
    public IDisposable? TryOpen()
    {
        if (Interlocked.Increment(ref _open) <= options.Value.MaxOrderStreams)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _open);
        return null;
    }

    private sealed class Place(OrderEventStreams streams) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref streams._open);
            }
        }
    }
}
