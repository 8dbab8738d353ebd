using System.Collections.Immutable;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Orders;

/// <summary>Looks, in every process, for orders that nobody follows: left by a dead process, or by an activation that is gone with what it knew.</summary>
/// <remarks>
/// What became of an order is learned by its user's grain, and told to the ledger. Both can fail for good: the grain's memory
/// goes with it, and what it could not tell. The ledger's row is left, in flight or unknown; whoever finds it wakes the grain.
/// </remarks>
public sealed partial class OrderRecovery(
    ILedger ledger,
    IGrainFactory grains,
    IVenue venue,
    TimeProvider time,
    IOptions<OrderOptions> options,
    IOptions<StoppingOptions> stopping,
    ILogger<OrderRecovery> log) : BackgroundService
{
    private const int UsersAtOnce = 1000;
    private long? _followedAt;
    private (long At, long Number)? _noted;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
                await LookForUnclearAsync(stoppingToken);
            }
            catch (LedgerUnavailableException)
            {
                // Said once, by the ledger's watch.
            }
            catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
            {
                LogFailed(e);
            }

            await Task.Delay(stopping.Value.RecoverEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Every user with active orders, once when the process starts; again and again where the venue has to be polled.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (_followedAt is { } last && (venue.Description.PushesUpdates || time.GetElapsedTime(last) < options.Value.FollowEvery))
        {
            return;
        }

        var began = time.GetTimestamp();
        await WakeAsync(after => ledger.UsersWithActiveOrdersAsync(after, UsersAtOnce, cancellationToken));
        _followedAt = began;
    }

    /// <summary>Those whose orders were admitted before the last look and are still unclear: by number, so that no clock of another process counts.</summary>
    private async Task LookForUnclearAsync(CancellationToken cancellationToken)
    {
        var newest = ledger.Gate.Number;
        if (_noted is { } noted && time.GetElapsedTime(noted.At) >= options.Value.UnclearFor)
        {
            await WakeAsync(after => ledger.UsersWithUnclearOrdersAsync(noted.Number, after, UsersAtOnce, cancellationToken));
            _noted = null;
        }

        if (newest > 0)
        {
            _noted ??= (time.GetTimestamp(), newest);
        }
    }

    private async Task WakeAsync(Func<UserId?, Task<ImmutableArray<UserId>>> page)
    {
        UserId? after = null;
        while (true)
        {
            var users = await page(after);
            await FanOut.InWindowsAsync(users, stopping.Value.FanOutWindow, WakeAsync);
            if (users.Length < UsersAtOnce)
            {
                return;
            }

            after = users[^1];
        }
    }

    /// <summary>One user's grain that does not answer keeps nobody else's orders waiting; the next look calls it again.</summary>
    private async Task<bool> WakeAsync(UserId user)
    {
        try
        {
            await grains.GetGrain<IUserGrain>(user.Value).WakeAsync();
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e);
            return false;
        }
    }

    [LoggerMessage(EventIds.OrderRecoveryFailed, LogLevel.Error, "Looking for orders that nobody follows failed; it is tried again")]
    private partial void LogFailed(Exception e);
}
