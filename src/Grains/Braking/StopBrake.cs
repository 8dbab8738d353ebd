using System.Collections.Immutable;
using EmergencyStop.Braking;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Braking;

/// <summary>Holds and carries out stops that the ledger does not take (law 10): in memory at once, on the spool before the answer.</summary>
public sealed partial class StopBrake(
    BrakeLatches latches, StopSpool? spool, BrakeSight sight, TimeProvider time,
    IOptions<BrakeOptions> options, IOptions<StoppingOptions> stopping, ILogger<StopBrake> log) : IStopBrake, IAsyncDisposable
{
    private const int MostAliases = 10_000;

    private readonly Lock _turn = new();
    private readonly CancellationTokenSource _ending = new();
    private int _disposed;
    private ImmutableDictionary<StopId, BrakedStop> _stops = ImmutableDictionary<StopId, BrakedStop>.Empty;
    private ImmutableDictionary<StopId, BrakedStop> _helped = ImmutableDictionary<StopId, BrakedStop>.Empty;
    private ImmutableDictionary<StopId, StopId> _aliases = ImmutableDictionary<StopId, StopId>.Empty;

    /// <inheritdoc/>
    public ImmutableArray<UnrecordedStop> Unrecorded => [.. Stops.Select(Show)];

    /// <summary>The same with what it takes to record them, oldest press first.</summary>
    internal IEnumerable<BrakedStop> Stops => Volatile.Read(ref _stops) is { IsEmpty: false } held
        ? held.Values.OrderBy(s => s.Stop.Request.RequestedAt).ThenBy(s => s.Stop.Id.Value, StringComparer.Ordinal)
        : [];

    /// <inheritdoc/>
    public UnrecordedStop? Find(StopId stop) => Volatile.Read(ref _stops).GetValueOrDefault(stop) is { } held ? Show(held) : null;

    /// <inheritdoc/>
    public StopId StandsAs(StopId stop) => Volatile.Read(ref _aliases).GetValueOrDefault(stop, stop);

    /// <summary>The answer to a request that a stop which is not recorded yet has answered before; otherwise <c>null</c>.</summary>
    public async Task<StopAnswer?> RepeatAsync(EmergencyStopRequest request, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (Standing(request) is not { } standing)
        {
            return null;
        }

        return request.IdempotencyKey is not null && standing.Stop.Request.BodyHash != request.BodyHash
            ? new StopAnswer.KeyReused(standing.Stop.Id)
            : await AnswerAsync(standing, wait, repeated: true, cancellationToken);
    }

    /// <summary>Holds in memory, begins to cancel, spools, and only then answers.</summary>
    /// <param name="stop">The stop, with its id as it was offered to the ledger: should that attempt arrive late, it is the same stop.</param>
    /// <param name="why">Why the ledger did not take it.</param>
    /// <param name="wait">How long to wait for what the venues show.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StopAnswer> EngageAsync(SpooledStop stop, string why, TimeSpan wait, CancellationToken cancellationToken)
    {
        BrakedStop held;
        lock (_turn)
        {
            var standing = Standing(stop.Request); // Two presses under one key may come here at once.
            if (standing is not null)
            {
                return new StopAnswer.Engaged(standing.Stop, Show(standing).Result, Repeated: true);
            }

            held = Hold(stop, spooledBefore: false);
        }

        held.IsSpooled = await TrySpoolAsync(held.Spooled);
        LogBraked(stop.Id, stop.Request.Target, stop.Request.RequestedBy.DisplayName, held.IsSpooled ? "spooled" : "IN MEMORY ONLY", why);
        return await AnswerAsync(held, wait, repeated: false, cancellationToken);
    }

    /// <summary>Takes up what an earlier process has spooled.</summary>
    public void Resume()
    {
        if (spool is null)
        {
            return;
        }

        if (spool.Torn > 0)
        {
            LogTorn(spool.Torn, spool.Path);
        }

        lock (_turn)
        {
            foreach (var stop in spool.Read())
            {
                Hold(stop, spooledBefore: true);
            }
        }
    }

    /// <summary>Cancels at the venues for a stop that is recorded, while the ledger cannot be used to do it properly.</summary>
    public void Help(Stop stop)
    {
        lock (_turn)
        {
            if (!_stops.ContainsKey(stop.Id) && !_helped.ContainsKey(stop.Id))
            {
                _helped = _helped.Add(stop.Id, Run(new(stop.Id, stop.Request), stop, massCancels: false)); // The ledger, which would owe one, is not there.
            }
        }
    }

    /// <summary>What a helped stop's venues have shown, or <c>null</c>.</summary>
    public EmergencyStopResult? Helped(Stop stop) => Volatile.Read(ref _helped).GetValueOrDefault(stop.Id) is { } helped
        ? EmergencyStopResult.From(stop, helped.Run.Outcomes, time.GetUtcNow())
        : null;

    /// <summary>The ledger is back: the flow takes over from the helpers.</summary>
    public void EndHelp()
    {
        lock (_turn)
        {
            foreach (var helped in _helped.Values)
            {
                helped.Ending.Cancel();
            }

            _helped = _helped.Clear();
        }
    }

    /// <summary>The ledger has it: takes it off the spool, then lets go. The gate's row holds from here on.</summary>
    /// <returns>False when the spool could not be cleared: the stop stays, and nothing is admitted, until it is.</returns>
    public bool TryLetGo(StopId stop, StopId recordedAs)
    {
        try
        {
            spool?.Clear(stop);
        }
        catch (IOException e)
        {
            LogNotCleared(e, stop);
            return false;
        }

        lock (_turn)
        {
            if (_stops.TryGetValue(stop, out var held))
            {
                held.Ending.Cancel();
                _stops = _stops.Remove(stop);
            }

            if (recordedAs != stop)
            {
                _aliases = (_aliases.Count < MostAliases ? _aliases : _aliases.Clear()).SetItem(stop, recordedAs);
            }

            latches.Remove(stop);
        }

        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) // The container knows it under two names, and disposes of it under each.
        {
            await _ending.CancelAsync();
            _ending.Dispose();
        }
    }

    private UnrecordedStop Show(BrakedStop held) => held.Show(time.GetUtcNow(), stopping.Value.Patience);

    /// <summary>The same key of the same caller; without a key, the same press within the window of repeats.</summary>
    private BrakedStop? Standing(EmergencyStopRequest request) => Volatile.Read(ref _stops).Values.FirstOrDefault(held =>
    {
        var before = held.Stop.Request;
        return before.RequestedBy.KeyId == request.RequestedBy.KeyId
            && before.IdempotencyKey == request.IdempotencyKey
            && (request.IdempotencyKey is not null
                || (before.Target == request.Target && before.Options == request.Options
                    && before.RequestedAt >= request.RequestedAt - IStopLedger.RepeatWindow));
    });

    private BrakedStop Hold(SpooledStop spooled, bool spooledBefore)
    {
        var clocks = new StopClocks(GateClosed: Positive(time.GetUtcNow() - spooled.Request.RequestedAt));
        var stop = new Stop(spooled.Id, 0, spooled.Request, StopState.Working, clocks, [], null, null)
        {
            CarveOuts = [.. spooled.Request.Except.Select(t => new CarveOut(
                t, 0, spooled.Request.RequestedBy.DisplayName, spooled.Request.RequestedAt, spooled.Request.Reason))],
        };
        latches.Add(stop); // First of all: from here on nothing is admitted, and no order in scope is written.
        var held = Run(spooled, stop, massCancels: true);
        held.IsSpooled = spooledBefore;
        _stops = _stops.Add(stop.Id, held);
        return held;
    }

    private BrakedStop Run(SpooledStop spooled, Stop stop, bool massCancels)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var run = new BrakeRun(stop, sight, spooled.Before, log);
        if (!massCancels)
        {
            run.ForbidMassCancels();
        }

        _ = Task.Factory.StartNew(
            () => run.RunAsync(ending.Token), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default); // Observes its own exceptions.
        return new(spooled, stop, run, ending);
    }

    private async Task<bool> TrySpoolAsync(SpooledStop stop)
    {
        if (spool is null)
        {
            return false;
        }

        try
        {
            return await LedgerPatience.WithinAsync(() => Task.FromResult(spool.TryWrite(stop)), options.Value.SpoolWait, time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotSpooled(e, stop.Id);
            return false;
        }
    }

    private async Task<StopAnswer> AnswerAsync(BrakedStop held, TimeSpan wait, bool repeated, CancellationToken cancellationToken)
    {
        await held.Run.Settled.WaitAsync(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var shown = Show(held);
        return new StopAnswer.Engaged(shown.Stop, shown.Result, repeated);
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    [LoggerMessage(EventIds.StopBraked, LogLevel.Critical, "Stop {StopId} on {Target} by {By} is NOT RECORDED, it is {Where}: it cancels at the venues, and nothing is admitted until the ledger has it. {Why}")]
    private partial void LogBraked(StopId stopId, StopTarget target, string by, string where, string why);

    [LoggerMessage(EventIds.StopBraked, LogLevel.Critical, "Stop {StopId}: the spool cannot be written either; keep this process running until the ledger returns")]
    private partial void LogNotSpooled(Exception e, StopId stopId);

    [LoggerMessage(EventIds.SpoolTorn, LogLevel.Error, "{Torn} records of the spool {Path} are torn: they were written in part when a process died, were never answered, and are not read as stops")]
    private partial void LogTorn(int torn, string path);

    [LoggerMessage(EventIds.SpoolNotCleared, LogLevel.Error, "Stop {StopId} is recorded, but its record cannot be taken off the spool; nothing is admitted until it is")]
    private partial void LogNotCleared(Exception e, StopId stopId);
}
