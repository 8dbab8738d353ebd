using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Braking;

/// <summary>Records spooled stops as soon as the ledger takes them: at the start before anything is admitted, and after an outage.</summary>
/// <remarks>
/// The record is taken off the spool only after the commit, and the ledger inserts only what is absent: a crash in between,
/// or a second try, does no harm.
/// </remarks>
public sealed partial class StopReplay(
    ILedger ledger, StopBrake brake, IGrainFactory grains, TimeProvider time, IOptions<BrakeOptions> options, ILogger<StopReplay> log) : BackgroundService
{
    private readonly HashSet<StopId> _failed = [];

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        brake.Resume();
        await RecordAllAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.ReplayEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await RecordAllAsync(stoppingToken);
        }
    }

    private async Task RecordAllAsync(CancellationToken cancellationToken)
    {
        foreach (var held in brake.Stops.ToArray())
        {
            try
            {
                await RecordAsync(held, cancellationToken);
            }
            catch (Exception e) when (e is LedgerUnavailableException or OperationCanceledException)
            {
                return; // Still down: the stop goes on holding, and it is tried again.
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogOnce(e, held.Stop.Id); // The others must not wait for this one.
            }
        }
    }

    private async Task RecordAsync(BrakedStop held, CancellationToken cancellationToken)
    {
        var (stop, note) = ReplayPlan.Of(held.Spooled, time.GetUtcNow(), options.Value.CloseWithin);
        var recorded = await ledger.ReplayAsync(stop, note, cancellationToken) switch
        {
            EngageAnswer.Engaged engaged => engaged.Stop,
            EngageAnswer.Repeated repeated => repeated.Stop,
            var other => throw new InvalidOperationException($"Engage answer {other.GetType().Name} is not expected of a replay."),
        };
        held.Run.ForbidMassCancels(); // Before they are read: none that is begun later could be owed.
        if (recorded.Release is null)
        {
            await ledger.RecordOutcomesAsync(recorded.Id, held.Run.MassCancels, cancellationToken);
        }

        if (brake.TryLetGo(held.Stop.Id, recorded.Id))
        {
            LogReplayed(held.Stop.Id, recorded.Target, recorded.Number, recorded.Id, note ?? "as it was asked");
            await TellCoordinatorAsync(recorded);
        }
    }

    private async Task TellCoordinatorAsync(Stop stop)
    {
        try
        {
            await grains.GetGrain<IEmergencyStopCoordinatorGrain>(stop.Target.Value).CarryOnAsync(stop.Id);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnreachable(e, stop.Id, stop.Target);
        }
    }

    private void LogOnce(Exception e, StopId stop)
    {
        if (_failed.Add(stop))
        {
            LogFailed(e, stop);
        }
    }

    [LoggerMessage(EventIds.StopReplayed, LogLevel.Warning, "Stop {StopId} on {Target} is recorded at number {Number} as {RecordedAs}, {Note}; its flow goes on from the ledger")]
    private partial void LogReplayed(StopId stopId, StopTarget target, long number, StopId recordedAs, string note);

    [LoggerMessage(EventIds.ReplayFailed, LogLevel.Critical, "Stop {StopId} cannot be recorded; it goes on holding, nothing is admitted, and it is tried again")]
    private partial void LogFailed(Exception e, StopId stopId);

    [LoggerMessage(EventIds.CoordinatorUnreachable, LogLevel.Error, "Stop {StopId}: the coordinator of {Target} did not answer; the gate is closed and the stop is taken up by the background reader")]
    private partial void LogUnreachable(Exception e, StopId stopId, StopTarget target);
}
