using System.Globalization;
using System.Runtime.CompilerServices;
using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>The changes of orders, live.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>Follows the changes of orders, in order and at least once, for as long as it is enumerated.</summary>
    /// <param name="filter">Of which orders; default all that the key may see. <see cref="OrderFilter.OpenOnly"/> has no meaning here.</param>
    /// <param name="after">Go on after this event; default: from now on. Keep the <see cref="OrderEvent.Id"/> of what was worked off to lose nothing over a restart.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>One event a change. A stream that breaks or falls silent is opened anew and goes on after the last event.</returns>
    /// <exception cref="EmergencyStopException">
    /// <c>events_gone</c>: changes after that event are no longer kept; read <see cref="OrdersAsync"/>, then follow from now on.
    /// Or the stream could not be kept: <see cref="EmergencyStopClientOptions.MaxRetries"/> openings in a row brought nothing.
    /// </exception>
    public async IAsyncEnumerable<OrderEvent> FollowOrdersAsync(
        OrderFilter? filter = null, long? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Func<long?, ServiceCall> open = from => ServiceCall.Get(QueryText.With(
            "orders/events",
            ("user_id", filter?.UserId),
            ("strategy_id", filter?.StrategyId),
            ("symbol", filter?.Symbol),
            ("last_event_id", from?.ToString(CultureInfo.InvariantCulture))));
        await foreach (var message in FollowAsync<OrderEventMessage>(open, static m => m.EventId, after, cancellationToken).ConfigureAwait(false))
        {
            if (message is { Event: { } kind, At: { } at, Order: { } order })
            {
                yield return new(message.EventId, kind, at, order);
            }
        }
    }

    /// <summary>Opens a stream anew whenever it breaks or falls silent, and goes on after the last event.</summary>
    private async IAsyncEnumerable<T> FollowAsync<T>(
        Func<long?, ServiceCall> open, Func<T, long> idOf, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            EmergencyStopException? trouble = null;
            await using var events = _link.EventsAsync<T>(open(after), cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                (var item, trouble) = await NextAsync(events).ConfigureAwait(false);
                if (item is not { Data: var message } || string.Equals(item.Value.EventType, "gone", StringComparison.Ordinal))
                {
                    break; // After "gone" the next opening is refused, and says why.
                }

                (failures, after) = (0, idOf(message));
                yield return message;
            }

            if (failures++ >= _options.MaxRetries)
            {
                throw trouble ?? new EmergencyStopException(ProblemReading.Unreachable(_options.Url, "the event stream ended again and again."));
            }

            await Task.Delay(DelayBefore(failures), _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
