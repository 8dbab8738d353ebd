using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Accounts;

namespace EmergencyStop.Grains.Watching;

/// <summary>Whose accounts may hold orders in a target's scope.</summary>
public sealed class WatchedUsers(ILedger ledger, IAccountMap accounts)
{
    /// <summary>USER: the user. SYMBOL and SYSTEM: everybody known. STRATEGY: its users, and whoever's account other programs trade in.</summary>
    public async Task<IReadOnlyCollection<UserId>> OfAsync(StopTarget target, CancellationToken cancellationToken)
    {
        if (target.User is { } only)
        {
            return [only];
        }

        var users = accounts.Known.Where(a => target.Strategy is null || a.Mode == AccountMode.Watch).Select(a => a.User).ToHashSet();
        if (target.Strategy is { } strategy)
        {
            users.UnionWith((await ledger.StrategiesInAsync(target, cancellationToken)).Select(s => s.User));
            users.UnionWith((await ledger.PositionsAsync(null, strategy, null, cancellationToken)).Select(p => p.User));
        }
        else
        {
            users.UnionWith(await ledger.KnownUsersAsync(cancellationToken));
        }

        return users;
    }
}
