using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using EmergencyStop.Api.Following;
using EmergencyStop.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Stopping;

/// <summary>Watches stops for those who want to see them move.</summary>
internal sealed class StopProgress(
    ILedger ledger, IStopBrake brake, IStopWarnings warnings, TimeProvider time, IHostApplicationLifetime lifetime, IOptions<ApiOptions> options)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _heartbeat = TimeSpan.FromMilliseconds(options.Value.HeartbeatMs);
    private readonly StreamPlaces _places = new(options.Value.MaxEventStreams);

    /// <summary>A place among the streams, to be disposed of at its end; <c>null</c> when all are taken.</summary>
    public IDisposable? TryOpen() => _places.TryTake();

    /// <summary>The result whenever it changes, with a heartbeat in between so that a dead listener is noticed; ends when the flow has been through.</summary>
    /// <remarks>The ledger is asked every 100 ms after a change, and ever less often, down to once a second, while nothing changes.</remarks>
    public async IAsyncEnumerable<SseItem<StopResponse>> WatchAsync(StopId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var (last, wait, sentAt, count) = ((Signature?)null, Shortest, time.GetTimestamp(), 0);
        while (await ReadAsync(id, ending.Token) is { } result)
        {
            var now = Signature.Of(result);
            var ended = result is { State: not StopState.Working, Recorded: true };
            var changed = now != last;
            if (changed || ended || time.GetElapsedTime(sentAt) >= _heartbeat)
            {
                (last, sentAt) = (now, time.GetTimestamp());
                yield return new(new(result), ended ? "end" : changed ? "progress" : "heartbeat")
                {
                    EventId = (++count).ToString(CultureInfo.InvariantCulture),
                };
            }

            if (ended)
            {
                yield break;
            }

            wait = changed ? Shortest : wait * 2 > Longest ? Longest : wait * 2;
            await Task.Delay(wait, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The next read sees the end.
        }
    }

    private async Task<EmergencyStopResult?> ReadAsync(StopId id, CancellationToken ending)
    {
        if (ending.IsCancellationRequested)
        {
            return null;
        }

        if (brake.Find(id) is { } unrecorded)
        {
            return unrecorded.Result;
        }

        try
        {
            id = brake.StandsAs(id);
            return await ledger.FindStopAsync(id, ending) is { } stop
                ? EmergencyStopResult.From(stop, await ledger.OutcomesAsync(id, ending), time.GetUtcNow(), warnings.Of(stop.Target, stop.Options))
                : null;
        }
        catch (Exception e) when (e is LedgerUnavailableException or OperationCanceledException)
        {
            return null; // The stream ends; whoever still listens connects again and is told.
        }
    }

    /// <summary>What makes two results different for those who watch.</summary>
    private sealed record Signature(StopState State, double GateClosed, int Cancelled, int Paused, int Closed, int Unmet, long Attempts, bool Recorded)
    {
        public static Signature Of(EmergencyStopResult r) => new(
            r.State,
            r.GateClosedMs,
            r.OrdersCancelled,
            r.StrategiesPaused,
            r.PositionsClosed,
            r.Outstanding.Length,
            r.Outstanding.Sum(o => (long)o.Attempts),
            r.Recorded);
    }
}
