using System.Collections.Concurrent;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Watching;

/// <summary>Looks, in every process and for as long as a latch holds, at the accounts in its scope: nothing may rest there (laws 1 and 2).</summary>
public sealed partial class StopWatcher(
    ILedger ledger,
    IGrainFactory grains,
    WatchedUsers users,
    IVenue venue,
    TimeProvider time,
    IOptions<WatchingOptions> options,
    ILogger<StopWatcher> log) : BackgroundService
{
    private readonly ConcurrentDictionary<UserId, bool> _blind = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new AccountRounds(options.Value.Window);
        var every = venue.Description.PushesUpdates ? options.Value.WatchPushingEvery : options.Value.WatchEvery;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await rounds.StartAsync(await DueAsync(stoppingToken), user => LookAsync(user, every, stoppingToken), stoppingToken);
                await Task.Delay(every, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (e is not LedgerUnavailableException) // Said once, by the ledger's watch.
                {
                    LogFailed(e);
                }

                await Task.Delay(every, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Whose accounts a stop that cancels holds: a user's own grain asks the ledger only about what it finds there.</summary>
    private async Task<IEnumerable<UserId>> DueAsync(CancellationToken cancellationToken)
    {
        var due = new HashSet<UserId>();
        if (ledger.Gate.Held == 0)
        {
            return due;
        }

        var cancelling = (await ledger.HoldingStopsAsync(null, cancellationToken)).Where(s => s.Options.CancelOrders);
        foreach (var target in cancelling.SelectMany(s => s.LatchedTargets).Select(WhoeverIsIn).Distinct())
        {
            due.UnionWith(await users.OfAsync(target, cancellationToken));
        }

        return due;

        // Anybody may trade a symbol: the same accounts for each, asked for once.
        static StopTarget WhoeverIsIn(StopTarget target) => target is { User: null, Strategy: null } ? StopTarget.System : target;
    }

    private async Task LookAsync(UserId user, TimeSpan every, CancellationToken cancellationToken)
    {
        try
        {
            var report = await grains.GetGrain<IUserGrain>(user.Value).WatchAsync(every, cancellationToken);
            if (!report.Readable && _blind.TryAdd(user, true))
            {
                LogBlind(report.Account, report.Why ?? string.Empty);
            }
            else if (report.Readable && _blind.TryRemove(user, out _))
            {
                LogSees(report.Account);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or LedgerUnavailableException)
        {
            // The process ends; or the ledger cannot be used, which its watch says once.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(EventIds.WatchFailed, LogLevel.Error, "Looking at the venue behind a closed gate failed; it is looked at again")]
    private partial void LogFailed(Exception e);

    [LoggerMessage(EventIds.WatchBlind, LogLevel.Warning, "Account {Account} cannot be read behind a closed gate: {Reason}. What turns up there is found once it can")]
    private partial void LogBlind(AccountId account, string reason);

    [LoggerMessage(EventIds.WatchSees, LogLevel.Information, "Account {Account} can be read again")]
    private partial void LogSees(AccountId account);
}
