using System.Globalization;
using System.Runtime.CompilerServices;
using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>The calls on events.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>Asks for a stop by an event.</summary>
    /// <param name="source">Who asks: a URI reference, 1 to 200 characters.</param>
    /// <param name="eventId">The event's id there, 1 to 200 characters. The same id of the same source is the same stop, over restarts of either side.</param>
    /// <param name="target">What to stop.</param>
    /// <param name="reason">Why, in words; 1 to 500 characters.</param>
    /// <param name="options">How; default: cancel orders, pause strategies, hold the gate. <see cref="StopOptions.IdempotencyKey"/> has no meaning here.</param>
    /// <param name="cancellationToken">Abandons the wait, never the stop.</param>
    /// <returns>As a stop's.</returns>
    /// <exception cref="EmergencyStopException">Refused (<c>event_id_reused</c>, <c>forbidden</c>, …), <c>event_not_handled</c>: there is no stop, or not known to have been engaged.</exception>
    public Task<StopResult> PublishEmergencyStopAsync(
        string source, string eventId, StopTarget target, string reason, StopOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var chosen = options ?? Plain;
        var body = StopBody.Of(target, reason, chosen);
        var data = new StopEventData(
            reason, body.Scope, body.UserId, body.StrategyId, body.Symbol, body.ReasonCode, body.CancelOrders, body.PauseStrategies, body.ClosePositions,
            body.KeepProtective, body.CancelOnly, body.Except, (int?)chosen.Wait?.TotalMilliseconds);
        var call = ServiceCall.Post("events", new StopEventBody(eventId, source, data), KeyFor(null)) with { Wait = chosen.Wait ?? ServiceCall.UsualWait };
        return _link.PressAsync<StopResult>(call, cancellationToken);
    }

    /// <summary>Follows what happens to stops, gates, obligations and strategies, in order and at least once, for as long as it is enumerated.</summary>
    /// <param name="subject">Only of this stop, strategy or target; <c>null</c> for all that the key may hear of.</param>
    /// <param name="after">Go on after this event; default: from now on. Keep the <see cref="ServiceEvent.Id"/> of what was worked off to lose nothing over a restart.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>The events. A stream that breaks or falls silent is opened anew and goes on after the last event.</returns>
    /// <exception cref="EmergencyStopException">
    /// <c>events_gone</c>: events after that one are no longer kept; read the stops, then follow from now on.
    /// Or the stream could not be kept: <see cref="EmergencyStopClientOptions.MaxRetries"/> openings in a row brought nothing.
    /// </exception>
    public async IAsyncEnumerable<ServiceEvent> FollowEventsAsync(
        string? subject = null, long? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Func<long?, ServiceCall> open = from => ServiceCall.Get(QueryText.With(
            "events", ("subject", subject), ("last_event_id", from?.ToString(CultureInfo.InvariantCulture))));
        await foreach (var message in FollowAsync<ServiceEventMessage>(open, static m => long.Parse(m.Id, CultureInfo.InvariantCulture), after, cancellationToken).ConfigureAwait(false))
        {
            if (message is { Type: { } type, Subject: { } about })
            {
                yield return new(long.Parse(message.Id, CultureInfo.InvariantCulture), type, about, message.Time, message.Data);
            }
        }
    }
}
