using EmergencyStop.Grains.Watching;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Risk;
using EmergencyStop.Venues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Risk;

/// <summary>Reads the rules in every process and has each watched user looked at, again and again: no grain that hangs or moves is forgotten.</summary>
public sealed class RiskReader(
    ILedger ledger, IGrainFactory grains, IAccountMap accounts, RiskRules rules, RiskAnnouncements announcements, TimeProvider time, IOptions<RiskOptions> options) : BackgroundService
{
    private static readonly TimeSpan UsersEvery = TimeSpan.FromSeconds(5);
    private HashSet<UserId> _known = [];
    private long? _knownAt;
    private long? _lookedAt;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new AccountRounds(options.Value.Window);
        var pause = options.Value.RulesEvery < options.Value.LookEvery ? options.Value.RulesEvery : options.Value.LookEvery;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stoppingToken);
                if (_lookedAt is not { } last || time.GetElapsedTime(last) >= options.Value.LookEvery)
                {
                    _lookedAt = time.GetTimestamp();
                    await rounds.StartAsync(Due(), user => LookAsync(user, stoppingToken), stoppingToken);
                }

                await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                announcements.ReaderFailed(e);
                await Task.Delay(pause, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Reads the rules, and now and then who there is. Without the ledger what is known goes on.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await rules.ReadAsync(cancellationToken);
            if (rules.All.IsEmpty || (_knownAt is { } at && time.GetElapsedTime(at) < UsersEvery))
            {
                return;
            }

            // Whose rule has a stop standing is looked at whoever the rule names: its release must be seen.
            var users = (await ledger.RiskWatchesAsync(null, cancellationToken)).Where(w => w.Standing != RiskStanding.Watching).Select(w => w.User).ToHashSet();
            if (rules.All.Any(r => r.Rule.User is null))
            {
                users.UnionWith(accounts.Known.Select(a => a.User));
                users.UnionWith(await ledger.KnownUsersAsync(cancellationToken));
            }

            (_known, _knownAt) = (users, time.GetTimestamp());
        }
        catch (LedgerUnavailableException)
        {
            // Said once, by the ledger's watch.
        }
    }

    private HashSet<UserId> Due() => rules.All.IsEmpty ? [] : [.. _known, .. rules.All.Select(r => r.Rule.User).OfType<UserId>()];

    private async Task LookAsync(UserId user, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IRiskGuardGrain>(user.Value).LookAsync(cancellationToken);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or LedgerUnavailableException))
        {
            announcements.ReaderFailed(e);
        }
        catch (Exception e) when (e is OperationCanceledException or LedgerUnavailableException)
        {
            // The process ends, or the ledger's watch has said so.
        }
    }
}
