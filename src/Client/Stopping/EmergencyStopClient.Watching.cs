using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>A stop's progress, live.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>Follows a stop until its flow has been through.</summary>
    /// <param name="stopId">Which.</param>
    /// <param name="cancellationToken">Ends the watching; the stop goes on.</param>
    /// <returns>
    /// The result so far at once, then whenever it changes, with heartbeats in between; the last one is
    /// <see cref="StopNews.End"/>, completed or outstanding. A stream that breaks or falls silent is opened anew, and the
    /// result of then comes as <see cref="StopNews.Progress"/>, so the same one may come twice.
    /// </returns>
    /// <exception cref="EmergencyStopException">
    /// <c>not_found</c>, or the stream could not be kept: <see cref="EmergencyStopClientOptions.MaxRetries"/> openings in a
    /// row brought no event.
    /// </exception>
    public async IAsyncEnumerable<StopProgress> WatchAsync(
        string stopId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = ServiceCall.Get($"emergency-stop/stops/{Part(stopId, nameof(stopId))}/events");
        var failures = 0;
        while (true)
        {
            EmergencyStopException? trouble = null;
            await using var events = _link.EventsAsync<StopResult>(call, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                (var item, trouble) = await NextAsync(events).ConfigureAwait(false);
                if (item is not { } received)
                {
                    break;
                }

                failures = 0;
                var progress = new StopProgress(NewsOf(received), received.Data);
                yield return progress;
                if (progress.News == StopNews.End)
                {
                    yield break;
                }
            }

            if (failures++ >= _options.MaxRetries)
            {
                throw trouble ?? new EmergencyStopException(ProblemReading.Unreachable(_options.Url, "the event stream ended before the stop did."));
            }

            await Task.Delay(DelayBefore(failures), _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static StopNews NewsOf(SseItem<StopResult> item) => item.EventType switch
    {
        "end" => StopNews.End,
        "heartbeat" => StopNews.Heartbeat,
        _ => StopNews.Progress,
    };

    /// <summary>The next event, or nothing with the trouble that may pass; other trouble is thrown.</summary>
    private static async Task<(SseItem<T>? Item, EmergencyStopException? Trouble)> NextAsync<T>(IAsyncEnumerator<SseItem<T>> events)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false) ? (events.Current, null) : (null, null);
        }
        catch (EmergencyStopException e) when (e.Problem.MayPass)
        {
            return (null, e);
        }
    }

    private TimeSpan DelayBefore(int retry)
    {
        const int mostDoublings = 20;
        var wait = _options.RetryDelay * Math.Pow(2, Math.Min(retry - 1, mostDoublings));
        return wait < _options.MaxRetryDelay ? wait : _options.MaxRetryDelay;
    }
}
