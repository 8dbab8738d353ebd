using System.Collections.Immutable;
using System.Diagnostics;
using System.Numerics;
using EmergencyStop.Grains.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Runs the flow of each stop on its target until it is completed; survives a crash between any two steps.</summary>
/// <remarks>
/// A stop is never one long grain call: it goes on as this grain's own task, and whoever waits asks in short waits.
/// Two coordinators of one target (twins) do the same work twice and the ledger counts it once.
/// </remarks>
[Reentrant]
public sealed partial class EmergencyStopCoordinatorGrain(
    ILedger ledger,
    StopFlow flow,
    StopBrake brake,
    TimeProvider time,
    IOptions<StoppingOptions> options,
    ILogger<EmergencyStopCoordinatorGrain> log,
    [PersistentState("coordinator", "grains")] IPersistentState<CoordinatorState> memory) : Grain, IEmergencyStopCoordinatorGrain, IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<StopId, CoordinatorRun> _running = [];
    private readonly Dictionary<StopId, Stop> _known = [];
    private readonly CancellationTokenSource _ending = new();
    private IGrainTimer? _keepAlive;

    /// <inheritdoc/>
    public Task CarryOnAsync(StopId stop)
    {
        if (_running.ContainsKey(stop))
        {
            return Task.CompletedTask;
        }

        _running[stop] = new();
        _keepAlive ??= this.RegisterGrainTimer(
            () => Task.CompletedTask, new GrainTimerCreationOptions(KeepAliveEvery, KeepAliveEvery) { Interleave = true, KeepAlive = true });
        _ = RunAsync(stop, Activity.Current); // Observes every exception itself; goes on in this grain's turns.
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AgainAsync(StopId stop)
    {
        if (_running.TryGetValue(stop, out var run))
        {
            run.Again();
            return Task.CompletedTask;
        }

        return CarryOnAsync(stop);
    }

    /// <inheritdoc/>
    public async Task<StopState> WaitAsync(StopId stop, TimeSpan atMost)
    {
        if (_running.TryGetValue(stop, out var run))
        {
            try
            {
                await run.Through.WaitAsync(atMost < LongestWait ? atMost : LongestWait, time);
            }
            catch (TimeoutException)
            {
                // Not through yet: the answer says so.
            }
        }

        return (await ledger.FindStopAsync(stop, CancellationToken.None))?.State ?? StopState.Working;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<RememberedStop>> RecentAsync()
    {
        if (memory.State.Stops.Count == 0)
        {
            var target = StopTarget.Parse(this.GetPrimaryKeyString());
            foreach (var stop in await ledger.StopsOnAsync(target, CoordinatorState.Most, CancellationToken.None))
            {
                memory.State.Remember(Remembered(stop, string.Empty));
            }
        }

        return [.. memory.State.Stops];
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await _ending.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _ending.Dispose();

    /// <summary>Runs passes until the stop is completed.</summary>
    /// <param name="id">The stop.</param>
    /// <param name="press">The span of the press: the first pass is part of it, later ones are traces of their own that link to it.</param>
    private async Task RunAsync(StopId id, Activity? press)
    {
        var run = _running[id];
        var ending = _ending.Token; // Outlives its source, which goes with the activation while a pass may still run.
        try
        {
            for (var attempt = 1; !_ending.IsCancellationRequested; attempt++)
            {
                var before = run.Passes;
                var completed = await TryPassAsync(id, run, attempt, press);
                if (completed && !run.IsAskedAgain)
                {
                    return;
                }

                // One that was through has announced the next; where that is due already, its commit took longer than the wait.
                var otherwise = options.Value.Backoff(run.Passes > before ? 2 : attempt + 1);
                if (await run.SleepAsync(await NextWaitAsync(id, otherwise), time, ending))
                {
                    attempt = 0; // The next pass is the first again.
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The grain goes; the background reader of some silo takes the stop up again.
        }
        finally
        {
            _known.Remove(id);
            _running.Remove(id);
            run.IsThrough();
            if (_running.Count == 0)
            {
                (_keepAlive as IDisposable)?.Dispose();
                _keepAlive = null;
            }
        }
    }

    /// <summary>Until the pass that the last one has announced, if that is to come.</summary>
    private async Task<TimeSpan> NextWaitAsync(StopId id, TimeSpan otherwise)
    {
        try
        {
            var announced = (await ledger.FindStopAsync(id, _ending.Token))?.NextTry - time.GetUtcNow();
            return announced > TimeSpan.Zero ? announced.Value : otherwise;
        }
        catch (LedgerUnavailableException)
        {
            return otherwise;
        }
    }

    /// <summary>One pass; says whether the stop is completed, or is none.</summary>
    private async Task<bool> TryPassAsync(StopId id, CoordinatorRun run, int attempt, Activity? press)
    {
        using var scope = StopLog.Begin(log, id);
        using var span = StartPass(id, attempt, press);
        var began = time.GetTimestamp();
        try
        {
            if (await ledger.FindStopAsync(id, _ending.Token) is not { } before || before.State == StopState.Completed)
            {
                return true;
            }

            _known[id] = before;

            var after = await flow.PassAsync(before, run.PassOf(before));
            run.WasThrough();
            StopMeasures.Passed(before, after);
            span?.SetTag("state", ServiceTelemetry.StateOf(after.State));
            var (level, took) = (BitOperations.IsPow2(attempt) ? LogLevel.Information : LogLevel.Debug, time.GetElapsedTime(began).TotalMilliseconds);
            LogPassed(level, id, after.Target, attempt, took, after.State);
            if (after.State != StopState.Working)
            {
                run.IsThrough();
            }

            if (after.State != before.State)
            {
                await AnnounceAsync(after);
            }

            return after.State == StopState.Completed;
        }
        catch (LedgerUnavailableException) when (!_ending.IsCancellationRequested)
        {
            // That the ledger is down is said once, by its watch. What can be cancelled without it is, until it is back.
            if (_known.TryGetValue(id, out var known))
            {
                brake.Help(known);
            }

            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException && !_ending.IsCancellationRequested)
        {
            StopMeasures.PassFailed();
            span?.SetStatus(ActivityStatusCode.Error);
            LogPassFailed(e, id, attempt);
            return false;
        }
    }

    private static Activity? StartPass(StopId id, int attempt, Activity? press)
    {
        if (attempt > 1)
        {
            Activity.Current = null; // A stop may be tried for days: no trace is as long.
        }

        ActivityLink[] links = attempt > 1 && press is not null ? [new(press.Context)] : [];
        return ServiceTelemetry.Source.StartActivity(ActivityKind.Internal, links: links, name: "stop.pass")
            ?.SetTag(ServiceTelemetry.StopIdKey, id.Value).SetTag("attempt", attempt);
    }

    private async Task AnnounceAsync(Stop stop)
    {
        var outcomes = await ledger.OutcomesAsync(stop.Id, CancellationToken.None);
        var result = EmergencyStopResult.From(stop, outcomes, time.GetUtcNow());
        if (stop.State == StopState.Completed)
        {
            var clocks = stop.Clocks;
            LogCompleted(
                stop.Id,
                result.ExecutionTimeMs,
                clocks.GateClosed?.TotalMilliseconds,
                clocks.LastCancelSent?.TotalMilliseconds,
                clocks.CancelsConfirmed?.TotalMilliseconds,
                clocks.Flat?.TotalMilliseconds,
                result.Message);
        }
        else
        {
            LogOutstanding(stop.Id, stop.Target, result.Outstanding.Length, result.Errors.FirstOrDefault() ?? "none named");
        }

        memory.State.Remember(Remembered(stop, result.Message));
        try
        {
            await memory.WriteStateAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A twin has written, or the storage is down: the ledger has it all, and the next activation reads afresh.
            LogStateStale(e, stop.Target);
            DeactivateOnIdle();
        }
    }

    private static RememberedStop Remembered(Stop stop, string message) => new(stop.Id, stop.Number, stop.State, stop.Request.RequestedAt, message);

    [LoggerMessage(EventId = EventIds.StopPassed, Message = "Stop {StopId} on {Target}: pass {Attempt} took {ElapsedMs:F0} ms and leaves it {State}")]
    private partial void LogPassed(LogLevel level, StopId stopId, StopTarget target, int attempt, double elapsedMs, StopState state);

    [LoggerMessage(EventIds.StopCompleted, LogLevel.Information, "Stop {StopId} is completed {ElapsedMs:F0} ms after the press (gate closed {GateClosedMs:F0}, last cancel {LastCancelMs:F0}, all confirmed {ConfirmedMs:F0}, flat {FlatMs:F0}): {Result}")]
    private partial void LogCompleted(StopId stopId, double elapsedMs, double? gateClosedMs, double? lastCancelMs, double? confirmedMs, double? flatMs, string result);

    [LoggerMessage(EventIds.StopOutstanding, LogLevel.Warning, "Stop {StopId} on {Target} is outstanding: {Unmet} obligations are unmet and tried again until met; the first: {First}")]
    private partial void LogOutstanding(StopId stopId, StopTarget target, int unmet, string first);

    [LoggerMessage(EventIds.StopPassFailed, LogLevel.Error, "Stop {StopId}: pass {Attempt} failed; the gate stays closed and the pass is tried again")]
    private partial void LogPassFailed(Exception e, StopId stopId, int attempt);

    [LoggerMessage(EventIds.CoordinatorStateStale, LogLevel.Information, "The coordinator of {Target} could not write its grain state; it starts afresh from the ledger")]
    private partial void LogStateStale(Exception e, StopTarget target);
}
