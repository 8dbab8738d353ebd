using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Grains.Orders;

/// <content>Ending what turns up while a latch holds.</content>
public sealed partial class UserGrain
{
    /// <inheritdoc/>
    public async Task<WatchReport> WatchAsync(TimeSpan every, CancellationToken cancellationToken)
    {
        var report = await _watcher.LookAsync(every);
        _keeper.Keep();
        return report;
    }

    private async Task ConsiderAsync(ImmutableArray<VenueOrderReport> reports)
    {
        try
        {
            await _watcher.ConsiderAsync(reports);
        }
        catch (LedgerUnavailableException)
        {
            // Said once, by the ledger's watch; the next look finds it again.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogWatchFailed(e, _book.Account);
        }

        _keeper.Keep();
    }

    private async Task TellAsync(Stop stop)
    {
        LogTurnedUp(stop.Id, stop.Target, _book.Account);
        try
        {
            await GrainFactory.GetGrain<IEmergencyStopCoordinatorGrain>(stop.Target.Value).AgainAsync(stop.Id);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogWatchFailed(e, _book.Account); // The stop is outstanding in the ledger, and every process's background reader takes it up.
        }
    }

    [LoggerMessage(EventIds.TurnedUp, LogLevel.Warning, "Stop {StopId} on {Target}: an order turned up in account {Account} behind the closed gate; it is being cancelled")]
    private partial void LogTurnedUp(StopId stopId, StopTarget target, AccountId account);

    [LoggerMessage(EventIds.WatchFailed, LogLevel.Error, "Ending what turned up in account {Account} failed; the next look finds it again")]
    private partial void LogWatchFailed(Exception e, AccountId account);
}
