using System.Globalization;
using System.Text.Json;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Following;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Venues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Events;

/// <summary>The calls that publish an event and follow events.</summary>
internal static class EventEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        var events = api.MapGroup("events").WithTags("Events");
        events.MapPost(string.Empty, PublishAsync)
            .Requires(Deed.Stop)
            .AlsoWithoutLedger()
            .Needs<CloudEventBody>()
            .WithSummary("Publish an event: ask for an emergency stop")
            .WithDescription(
                "CloudEvents 1.0, JSON, structured mode. The one type that is accepted is emergency_stop.requested; its data are the body of emergency-stop/execute. "
                + "The answer is that of a stop, and comes after the stop is recorded, or spooled while the ledger is down. The same id of the same source, from the same key, is the same stop.")
            .Produces<StopResponse>()
            .Produces<StopResponse>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 403, 413, 415, 422);
        events.MapGet(string.Empty, FollowAsync)
            .Requires(Deed.Read)
            .Queries(
                ("user_id", "Only what this user hears of; a trader hears of the own book and of the gates that everybody stands before."),
                ("subject", "Only of this subject: a stop id, a strategy id, a target."),
                (Follow.Field, $"Go on after this event, as the header {Follow.Header} does; default: from now on."))
            .WithSummary("What happens to stops, gates, obligations and strategies, live")
            .WithDescription(
                "Server-sent events, each a CloudEvent, in order and at least once: `ready` with the id from which on, then one event a change, named by its type. "
                + $"Comments fill silences. Reconnect with {Follow.Header} to lose nothing. Events are kept for a time: 410 `events_gone`, or the event `gone` in a stream "
                + "that fell behind, means that some are lost; read the stops, then follow from now on.")
            .Produces<CloudEventResponse>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblems(400, 403, 410, 429);
        events.MapSetAside();
    }

    private static async Task<IResult> PublishAsync(HttpContext http, StopDesk desk, IEventBus bus, IOptions<ApiOptions> options)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<CloudEventBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var (asked, wrong) = CloudEventReading.Read(body, http.Caller, options.Value);
        return asked is null ? wrong! : await desk.PublishAsync(http, bus, asked); // There is one whenever nothing is asked.
    }

    private static async Task<IResult> FollowAsync(HttpContext http, ILedger ledger, IBookAccounts accounts, EventStreams streams)
    {
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var asked = query.Id<UserId>("user_id");
        var subject = query.Text("subject");
        var after = Follow.After(http.Request, query, errors);
        query.Finish();
        var (user, refusal) = CallerAccess.BookToRead(http.Caller, asked);
        return errors.Any || refusal is not null
            ? refusal ?? errors.ToProblem()
            : await Follow.OpenAsync(
                http, streams, after, Events(ledger, new(0, user, user is { } book ? accounts.AccountOf(book) : null, subject)), Problems.EventsGone);
    }

    private static Followed<StoredEvent> Events(ILedger ledger, EventQuery wanted) => new(
        async (after, cancellationToken) =>
        {
            var page = await ledger.EventsAsync(wanted with { After = after }, cancellationToken);
            return new(page.Events, page.Through, page.Oldest, page.Last);
        },
        ledger.EventsAfterAsync,
        static e => new(e.Id, e.Event.Type, JsonSerializer.Serialize(CloudEventResponse.Of(e), ApiJson.Options)),
        static (id, name) => new(id, name, JsonSerializer.Serialize(new EventMarkResponse(id.ToString(CultureInfo.InvariantCulture)), ApiJson.Options)));
}

/// <summary>Bounds the streams of those who follow events.</summary>
internal sealed class EventStreams(IOptions<ApiOptions> options) : StreamPlaces(options.Value.MaxFollowers);
