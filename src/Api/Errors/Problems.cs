using System.Collections.Immutable;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Errors;

/// <summary>The one table of refusals: each code with its status and its title.</summary>
internal static class Problems
{
    /// <summary>No key, or one that is not known.</summary>
    public static Problem Unauthenticated(string why) =>
        new(StatusCodes.Status401Unauthorized, "unauthenticated", "An API key is needed", why);

    /// <summary>The key may not do this.</summary>
    public static Problem Forbidden(string why) =>
        new(StatusCodes.Status403Forbidden, "forbidden", "This key may not do this", why);

    /// <summary>No such thing, or none that this key may see.</summary>
    public static Problem NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "not_found", "Not found", what);

    /// <summary>The path is there, the method is not.</summary>
    public static Problem MethodNotAllowed { get; } =
        new(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "Method not allowed", "This path has no such method; see the Allow header.");

    /// <summary>A body that is not JSON.</summary>
    public static Problem UnsupportedMediaType { get; } =
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Unsupported media type", "Send the body as application/json.");

    /// <summary>A request that the server could not read.</summary>
    public static Problem BadRequest { get; } =
        new(StatusCodes.Status400BadRequest, "bad_request", "The request cannot be read", "The request is not well-formed HTTP.");

    /// <summary>A body over the limit.</summary>
    public static Problem BodyTooLarge(long most) =>
        new(StatusCodes.Status413PayloadTooLarge, "body_too_large", "The body is too large", $"A body may have {most} bytes at most.");

    /// <summary>Fields that are wrong, missing or contradict each other.</summary>
    public static Problem ValidationFailed(IReadOnlyCollection<(string Field, string Why)> found) =>
        new Problem(StatusCodes.Status400BadRequest, "validation_failed", "The request is not valid", found.First().Why)
            .With("field", found.First().Field)
            .With("errors", found.GroupBy(f => f.Field, f => f.Why, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal));

    /// <summary>One field that is wrong.</summary>
    public static Problem ValidationFailed(string field, string why) => ValidationFailed([(field, why)]);

    /// <summary>A latch refuses it.</summary>
    public static Problem GateClosed(Latch by) =>
        new Problem(StatusCodes.Status423Locked, "gate_closed", "The gate is closed", $"Stop {by.Stop} by {by.By} holds {by.Target} closed until it is released.")
            .With("stop_id", by.Stop)
            .With("target", by.Target)
            .With("reason", by.Reason)
            .With("reason_code", by.ReasonCode)
            .With("since", by.Since)
            .With("by", by.By);

    /// <summary>A pause refuses it.</summary>
    public static Problem StrategyPaused(StrategyPause by) =>
        new Problem(StatusCodes.Status423Locked, "strategy_paused", "The strategy is paused", $"Strategy {by.Strategy} is paused within {by.Target} until it is resumed.")
            .With("strategy_id", by.Strategy)
            .With("stop_id", by.Stop)
            .With("target", by.Target);

    /// <summary>Other programs place this account's orders.</summary>
    public static Problem AccountWatched(AccountId account) =>
        new Problem(
                StatusCodes.Status409Conflict,
                "account_watched",
                "The account is only watched",
                $"Other programs place the orders of account {account}; this service cancels them and closes positions while a stop holds, and places nothing else. To trade through the gate, add the account in trade mode.")
            .With("account_id", account);

    /// <summary>A stop that is still working cannot be released.</summary>
    public static Problem StopWorking(StopId stop) =>
        new Problem(StatusCodes.Status409Conflict, "stop_working", "The stop is still working", "Release it once its flow has been through.")
            .With("stop_id", stop);

    /// <summary>A stop that is owed something cannot be released.</summary>
    public static Problem ObligationsOpen(StopId stop, ImmutableArray<OutcomeResponse> items) =>
        new Problem(
                StatusCodes.Status409Conflict,
                "obligations_open",
                "Something is open or unknown",
                $"{items.Length} of the stop's obligations are open or unknown; they are tried again until met.")
            .With("stop_id", stop)
            .With("outstanding", items);

    /// <summary>Something is owed, and there is nothing narrower to keep stopped.</summary>
    public static Problem CannotNarrow(StopId stop, string why) =>
        new Problem(StatusCodes.Status409Conflict, "cannot_narrow", "The stop cannot be released in part", why).With("stop_id", stop);

    /// <summary>A debt that is paid cannot be given up.</summary>
    public static Problem ObligationMet(StopId stop, string item, string how) =>
        new Problem(StatusCodes.Status409Conflict, "obligation_met", "The obligation is met", $"{item} is owed no more: {how}.")
            .With("field", "item")
            .With("stop_id", stop);

    /// <summary>The stop owes no such thing.</summary>
    public static Problem NoSuchObligation(StopId stop, ObligationKind kind, string item) =>
        new Problem(StatusCodes.Status404NotFound, "no_such_obligation", "No such obligation", $"Stop {stop} owes no {Words<ObligationKind>.Of(kind)} {item}; emergency-stop/obligations names what it owes.")
            .With("field", "item")
            .With("stop_id", stop);

    /// <summary>Nothing of that name was carved out.</summary>
    public static Problem NotCarvedOut(StopId stop, StopTarget target) =>
        new Problem(StatusCodes.Status404NotFound, "not_carved_out", "Not carved out", $"{target} is not carved out of stop {stop}.")
            .With("field", "target")
            .With("stop_id", stop);

    /// <summary>Nothing can be carved out of the stop, or put back.</summary>
    public static Problem CannotCarve(StopId stop, string why) =>
        new Problem(StatusCodes.Status409Conflict, "cannot_carve", "Nothing can be carved out of this stop, or put back", why).With("stop_id", stop);

    /// <summary>The stop cannot close positions.</summary>
    public static Problem CannotEscalate(StopId stop, string why) =>
        new Problem(StatusCodes.Status409Conflict, "cannot_escalate", "The stop cannot close positions", why).With("stop_id", stop);

    /// <summary>The stop to be passed does not hold the gate for this order.</summary>
    public static Problem GateNotHeld(StopId stop) =>
        new Problem(StatusCodes.Status409Conflict, "gate_not_held", "That stop does not hold the gate", $"Stop {stop} does not hold the gate closed for this order: place it without past_gate, or name the stop that refuses it.")
            .With("field", "past_gate")
            .With("stop_id", stop);

    /// <summary>A <c>cancel_only</c> stop has no latch to lift.</summary>
    public static Problem HoldsNothing(StopId stop) =>
        new Problem(StatusCodes.Status409Conflict, "holds_nothing", "The stop holds nothing", "It was cancel_only: it closed no gate, so there is nothing to release.")
            .With("stop_id", stop);

    /// <summary>One idempotency key, two requests.</summary>
    public static Problem IdempotencyKeyReused { get; } =
        new(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", "The idempotency key was used before", "This Idempotency-Key belongs to another request; use a new one.");

    /// <summary>The first request with this key is not answered yet.</summary>
    public static Problem RequestInProgress { get; } =
        new(StatusCodes.Status409Conflict, "request_in_progress", "The same request is under way", "The first request with this Idempotency-Key is not answered yet; ask again.");

    /// <summary>The bound on live streams is reached.</summary>
    public static Problem TooManyStreams { get; } =
        new(StatusCodes.Status429TooManyRequests, "too_many_streams", "Too many live streams", "Poll the stop itself, or try again later.");

    /// <summary>A budget is used up.</summary>
    public static Problem RateLimited(string budget, int perSecond, TimeSpan wait) =>
        new Problem(StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests", $"The budget for {budget} is {perSecond} a second; other budgets are not touched by it.")
        {
            RetryAfter = wait,
        }.With("budget", budget);

    /// <summary>A form that none of this service's pages has sent, or that is out of date.</summary>
    public static Problem FormNotOurs { get; } =
        new(StatusCodes.Status400BadRequest, "form_not_ours", "The form is not valid any more", "Nothing was done. The page was too old, or was not one of this service's own. Open it anew and send it again.");

    /// <summary>A body that came too slowly.</summary>
    public static Problem BodyTooSlow { get; } =
        new(StatusCodes.Status408RequestTimeout, "body_too_slow", "The body came too slowly", "Nothing was done. Send the whole body at once.");

    /// <summary>An order that cannot be replaced now.</summary>
    public static Problem NotReplaceable(Order order, string why) => new Problem(
        StatusCodes.Status409Conflict, "not_replaceable", "The order cannot be replaced", $"Order {order.Id} cannot be replaced. {why}").With("status", order.State);

    /// <summary>Changes of orders after this one are no longer kept, or not known.</summary>
    public static Problem OrderEventsGone(long after, long oldest, long last) => Gone("order events", "GET orders", after, oldest, last);

    /// <summary>Events after this one are no longer kept, or not known.</summary>
    public static Problem EventsGone(long after, long oldest, long last) =>
        Gone("events", "GET emergency-stop/history, emergency-stop/obligations and gate", after, oldest, last);

    private static Problem Gone(string what, string instead, long after, long oldest, long last) => new(
        StatusCodes.Status410Gone,
        "events_gone",
        $"Some {what} are gone",
        $"Events {oldest} to {last} are kept, and {after} does not lead to them. Read {instead} for what is, then follow from now on.");

    /// <summary>One event id, two contents.</summary>
    public static Problem EventIdReused { get; } =
        new(StatusCodes.Status422UnprocessableEntity, "event_id_reused", "The event id was used before", "This id of this source asked for another stop; a new event has a new id.");

    /// <summary>An event was tried and could not be turned into a stop.</summary>
    public static Problem EventNotHandled { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "event_not_handled", "There is NO stop", "The event could not be turned into a stop and is set aside: stop it by hand, or publish it again.");

    /// <summary>Nothing of that number waits.</summary>
    public static Problem NothingSetAside(long number) => new(
        StatusCodes.Status404NotFound, "not_set_aside", "No such event waits",
        $"No event of number {number} waits to be retried or dismissed. One that asked for a stop can only be dismissed: stop by hand instead.");

    /// <summary>The rule stands in the rules' file.</summary>
    public static Problem RuleOwnedByFile(string rule) => new Problem(
            StatusCodes.Status409Conflict, "rule_owned_by_file", "The rule stands in a file", $"Rule {rule} stands in the rules' file, which owns it: change it there.")
        .With("rule_id", rule);

    /// <summary>A change that does not say which version it changes.</summary>
    public static Problem VersionNeeded(int version) => new Problem(
            StatusCodes.Status428PreconditionRequired, "version_needed", "Which version is changed?", $"The rule is there: send If-Match: \"{version}\", its ETag, so that nobody's change is lost.")
        .With("field", "If-Match").With("version", version);

    /// <summary>A change of a version that is not the newest.</summary>
    public static Problem VersionPassed(int version) => new Problem(
            StatusCodes.Status412PreconditionFailed, "version_passed", "The rule was changed meanwhile", $"Its version is {version} now: read it again, then change that one.")
        .With("field", "If-Match").With("version", version);

    /// <summary>A name that another switch has.</summary>
    public static Problem HeartbeatNameTaken(string name) => new Problem(
            StatusCodes.Status409Conflict, "heartbeat_name_taken", "The name is taken", $"Heartbeat {name} is that of another target: choose another name.")
        .With("field", "name");

    /// <summary>The ledger cannot be read or written.</summary>
    public static Problem LedgerUnavailable { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "ledger_unavailable", "The ledger is unavailable", "The ledger cannot be read or written now, so nothing is admitted. Try again.");

    /// <summary>A stop is not recorded yet, so nothing is admitted.</summary>
    public static Problem StopUnrecorded(StopId stop, StopTarget target) =>
        new Problem(
                StatusCodes.Status503ServiceUnavailable,
                "stop_unrecorded",
                "A stop is not recorded yet",
                $"Stop {stop} of {target} is not in the ledger yet, so nothing is admitted until it is. Try again.")
            .With("stop_id", stop)
            .With("target", target);

    /// <summary>A part of the service does not answer.</summary>
    public static Problem Unavailable { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", "A part of the service does not answer", "Try again; what was asked may or may not have been done.");

    /// <summary>A part of the service did not answer in time, which proves nothing.</summary>
    public static Problem TimedOut { get; } =
        new(StatusCodes.Status504GatewayTimeout, "timed_out", "No answer in time", "What was asked may or may not have been done: ask again with the same Idempotency-Key or client_order_id, or look.");

    /// <summary>The latches have not been read yet.</summary>
    public static Problem Starting { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "starting", "The service is starting", "It stays closed until it has read the latches. Try again.");

    /// <summary>A fault of the service's own.</summary>
    public static Problem InternalError { get; } =
        new(StatusCodes.Status500InternalServerError, "internal_error", "The service has failed", "The fault is in the log under this trace id.");

    /// <summary>What a bare status that some other part of the pipeline has set becomes.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound("There is nothing at this path."),
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => BodyTooSlow,
        StatusCodes.Status413PayloadTooLarge => new(status, "body_too_large", "The body is too large", "The body is too large."),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        _ => BadRequest with { Status = status },
    };
}
