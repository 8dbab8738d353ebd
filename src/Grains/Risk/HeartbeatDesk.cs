using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Risk;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Risk;

/// <summary>Takes beats and watches the dead-man's switches, in every process: none of them is disarmed by a process that hangs.</summary>
/// <remarks>
/// Each process measures silence by its own clock, from its own first sight of a switch: after a restart each has its whole
/// timeout. A switch fires by a commit that requires that no beat was written since; its stop follows under a key of its own.
/// </remarks>
public sealed class HeartbeatDesk(
    ILedger ledger, RiskStops stops, RiskAnnouncements announcements, TimeProvider time, IOptions<RiskOptions> options) : BackgroundService, IHeartbeats
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<HeartbeatName, HeartbeatEntry> _entries = new();
    private readonly ConcurrentDictionary<HeartbeatName, bool> _acting = new();
    private readonly Pulse _pulse = new(time);
    private readonly SemaphoreSlim _places = new(options.Value.Window);

    /// <inheritdoc/>
    public async ValueTask<Heartbeat?> BeatAsync(HeartbeatName name, HeartbeatTerms terms, string by, CancellationToken cancellationToken)
    {
        if (_entries.TryGetValue(name, out var known) && known.TryBeat(terms, time.GetTimestamp()))
        {
            return known.Row;
        }

        if (await ledger.ArmHeartbeatAsync(name, terms, by, time.GetUtcNow(), cancellationToken) is not { } armed)
        {
            return null;
        }

        var now = time.GetTimestamp();
        _entries.GetOrAdd(name, static (_, a) => new(a.armed, a.now), (armed, now)).Armed(armed, now);
        return armed;
    }

    /// <inheritdoc/>
    public async Task<Heartbeat?> DisarmAsync(HeartbeatName name, string by, string reason, CancellationToken cancellationToken)
    {
        var row = await ledger.DisarmHeartbeatAsync(name, by, reason, time.GetUtcNow(), cancellationToken);
        Take(row is null ? [] : [row]);
        return row;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<HeartbeatSight>> AllAsync(CancellationToken cancellationToken)
    {
        var rows = await ledger.HeartbeatsAsync(cancellationToken);
        Take(rows);
        return [.. rows.Select(r => new HeartbeatSight(r, r.State == HeartbeatState.Armed ? _entries.GetValueOrDefault(r.Name)?.Silence(time) : null))];
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pulse = _pulse.RunAsync(Forgive, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Value.HeartbeatEvery, time, stoppingToken);
                await ShareAsync();
                if (_pulse.IsSteady)
                {
                    Watch();
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                announcements.HeartbeatsFailed(e);
            }
        }

        await pulse;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _places.Dispose();
    }

    private void Forgive(TimeSpan gap)
    {
        if (_entries.IsEmpty)
        {
            return;
        }

        foreach (var entry in _entries.Values)
        {
            entry.Forgive(gap, time);
        }

        announcements.StoodStill(gap);
    }

    /// <summary>Writes the beats that came here and reads those that came elsewhere. Without the ledger memory goes on.</summary>
    private async Task ShareAsync()
    {
        try
        {
            var beats = _entries.Values.Select(e => e.Pending()).OfType<Ledger.Risk.HeartbeatBeats>().ToImmutableArray();
            if (!beats.IsEmpty)
            {
                await LedgerPatience.WithinAsync(
                    async () =>
                    {
                        await ledger.BeatAsync(beats, CancellationToken.None);
                        return true;
                    },
                    Patience,
                    time);
                foreach (var written in beats)
                {
                    _entries[written.Name].Written(written);
                }
            }

            var rows = await LedgerPatience.WithinAsync(() => ledger.HeartbeatsAsync(CancellationToken.None), Patience, time);
            Take(rows);
            foreach (var owing in rows.Where(r => r.OwesStop))
            {
                Act(owing.Name, () => StopAsync(owing));
            }
        }
        catch (LedgerUnavailableException)
        {
            // Said once, by the ledger's watch.
        }
    }

    private void Watch()
    {
        foreach (var entry in _entries.Values)
        {
            var row = entry.Row;
            if (entry.Silence(time) is { } silence && silence >= row.Terms.Timeout)
            {
                Act(row.Name, () => MissAsync(entry, row, string.Create(
                    CultureInfo.InvariantCulture,
                    $"no heartbeat of {row.Name} for {silence.TotalMilliseconds:0} ms, over its timeout of {row.Terms.Timeout.TotalMilliseconds:0} ms")));
            }
        }
    }

    /// <summary>Acts on a switch beside the rounds, once at a time: a slow stop keeps nobody's beats from being shared.</summary>
    private void Act(HeartbeatName name, Func<Task> act)
    {
        if (_acting.TryAdd(name, true))
        {
            _ = ActAsync(name, act); // Observes every exception itself.
        }
    }

    private async Task ActAsync(HeartbeatName name, Func<Task> act)
    {
        await _places.WaitAsync();
        try
        {
            await act();
        }
        catch (LedgerUnavailableException)
        {
            // The next round tries again, under the same key.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            announcements.HeartbeatsFailed(e);
        }
        finally
        {
            _acting.TryRemove(name, out _);
            _places.Release();
        }
    }

    private async Task MissAsync(HeartbeatEntry entry, Heartbeat row, string words)
    {
        if (!(entry.Silence(time) >= row.Terms.Timeout))
        {
            return; // It was heard while this waited for its turn.
        }

        try
        {
            var owes = row.Stop is not { } last
                || await LedgerPatience.WithinAsync(() => ledger.FindStopAsync(last, CancellationToken.None).AsTask(), Patience, time) is not { HoldsLatch: true };
            if (await LedgerPatience.WithinAsync(() => ledger.MissHeartbeatAsync(row, words, owes, time.GetUtcNow(), CancellationToken.None), Patience, time) is { } missed)
            {
                announcements.Missed(missed, words);
                Take([missed]);
                if (missed.OwesStop)
                {
                    await StopAsync(missed);
                }
            }
        }
        catch (LedgerUnavailableException) when (entry.IsLocal && entry.StoppedWithoutLedger != row.Arming)
        {
            // Its beats come here, so here it is known that there are none. The stop brakes, and is recorded under the same key.
            entry.StoppedWithoutLedger = row.Arming;
            announcements.Missed(row, words);
            await stops.StopAsync(row, words);
        }
        catch (LedgerUnavailableException)
        {
            // Whether others hear it cannot be known now.
        }
    }

    private async Task StopAsync(Heartbeat missed)
    {
        var stop = await stops.StopAsync(missed, missed.Reason ?? string.Empty);
        await ledger.HeartbeatStoppedAsync(missed.Name, missed.Arming, stop, CancellationToken.None);
    }

    private void Take(ImmutableArray<Heartbeat> rows)
    {
        var now = time.GetTimestamp();
        foreach (var row in rows)
        {
            _entries.GetOrAdd(row.Name, static (_, a) => new(a.row, a.now), (row, now)).Take(row, now);
        }
    }
}
