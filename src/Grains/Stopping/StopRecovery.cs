using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Reads the ledger in every process for what nobody carries on: unfinished stops, and orders that stay watched.</summary>
public sealed partial class StopRecovery(
    ILedger ledger, IGrainFactory grains, TimeProvider time, IOptions<StoppingOptions> options, ILogger<StopRecovery> log) : BackgroundService
{
    private const int RoundsBetweenWatches = 15;

    /// <summary>Longest wait for one coordinator: where it hangs with its silo, the others are not to wait for it.</summary>
    private static readonly TimeSpan LongestAsk = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var round = 0; !stoppingToken.IsCancellationRequested; round++)
        {
            try
            {
                await CarryOnStopsAsync(round == 0, stoppingToken);
                if (round % RoundsBetweenWatches == 0)
                {
                    await WatchInferredAsync(stoppingToken);
                }
            }
            catch (LedgerUnavailableException)
            {
                // Said once, by the ledger's watch.
            }
            catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
            {
                LogFailed(e);
            }

            try
            {
                await Task.Delay(options.Value.RecoverEvery, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task CarryOnStopsAsync(bool first, CancellationToken cancellationToken)
    {
        var unfinished = await ledger.UnfinishedStopsAsync(cancellationToken);
        await FanOut.InWindowsAsync(unfinished, options.Value.FanOutWindow, stop => CarryOnAsync(stop, cancellationToken));
        if (first && unfinished.Length > 0)
        {
            LogTakenUp(unfinished.Length, string.Join(", ", unfinished.Take(10).Select(s => s.Id)));
        }
    }

    /// <summary>A coordinator that cannot be reached keeps no other stop waiting; the next round calls it again.</summary>
    private async Task<bool> CarryOnAsync(Stop stop, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IEmergencyStopCoordinatorGrain>(stop.Target.Value).CarryOnAsync(stop.Id).WaitAsync(LongestAsk, time, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            LogUnreachable(e, stop.Id, stop.Target);
            return false;
        }
    }

    /// <summary>An order that was inferred never to have been sent may still turn up: then its obligation reopens.</summary>
    private async Task WatchInferredAsync(CancellationToken cancellationToken)
    {
        var watched = await ledger.InferredAsync(time.GetUtcNow() - options.Value.WatchInferred, cancellationToken);
        foreach (var user in watched.GroupBy(o => o.Terms.User))
        {
            await grains.GetGrain<IUserGrain>(user.Key.Value).LookForAsync([.. user.Select(o => o.Id)]);
        }
    }

    [LoggerMessage(EventIds.TakenUp, LogLevel.Warning, "{Stops} unfinished stops are taken up from the ledger: {StopIds}")]
    private partial void LogTakenUp(int stops, string stopIds);

    [LoggerMessage(EventIds.CoordinatorUnreachable, LogLevel.Error, "Stop {StopId}: the coordinator of {Target} did not answer; the gate is closed, and it is called again")]
    private partial void LogUnreachable(Exception e, StopId stopId, StopTarget target);

    [LoggerMessage(EventIds.RecoveryFailed, LogLevel.Error, "Reading the ledger for unfinished stops failed; it is tried again")]
    private partial void LogFailed(Exception e);
}
