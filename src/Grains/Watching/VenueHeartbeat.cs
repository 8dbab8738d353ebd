using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Venues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Watching;

/// <summary>Asks each account in use for the venue's time: a link that says nothing is found before it is needed (F26).</summary>
/// <remarks>In use are the accounts that are named, those of users with active orders, and those whose link is in trouble. What came of it is the venue's <see cref="IVenue.Health"/>.</remarks>
public sealed partial class VenueHeartbeat(
    ILedger ledger,
    IVenue venue,
    IAccountMap accounts,
    TimeProvider time,
    IOptions<WatchingOptions> options,
    ILogger<VenueHeartbeat> log) : BackgroundService
{
    private const int MostUsers = 1000;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new AccountRounds(options.Value.Window);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var users = accounts.Known.Select(a => a.User).ToHashSet();
                users.UnionWith(await ledger.UsersWithActiveOrdersAsync(null, MostUsers, stoppingToken));
                users.UnionWith(venue.Health.Accounts is { IsDefault: false } troubled ? troubled.Select(a => accounts.UserOf(a.Account)) : []);
                await rounds.StartAsync(users, user => BeatAsync(user, stoppingToken), stoppingToken);
                await Task.Delay(options.Value.HeartbeatEvery, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogFailed(e);
                await Task.Delay(options.Value.HeartbeatEvery, time, CancellationToken.None);
            }
        }
    }

    private async Task BeatAsync(UserId user, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(options.Value.HeartbeatTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            await venue.ClockAsync(accounts.AccountOf(user), either.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(EventIds.HeartbeatFailed, LogLevel.Error, "Trying the venue's links failed; they are tried again")]
    private partial void LogFailed(Exception e);
}
