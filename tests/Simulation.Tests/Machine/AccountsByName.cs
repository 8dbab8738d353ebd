using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Accounts;

namespace EmergencyStop.Simulation.Tests.Machine;

/// <summary>Each user has the account of the same name; all of them are named, so that a stop of everything looks at them.</summary>
public sealed class AccountsByName : IAccountMap
{
    private readonly Dictionary<AccountId, KnownAccount> _known = [];

    public AccountsByName(IEnumerable<UserId> users)
    {
        Known = [.. users.Select(u => new KnownAccount(u, AccountOf(u), AccountMode.Trade, ImmutableDictionary<string, StrategyId>.Empty))];
        foreach (var account in Known)
        {
            _known[account.Account] = account;
        }
    }

    public ImmutableArray<KnownAccount> Known { get; }

    public AccountId AccountOf(UserId user) => AccountId.Parse(user.Value);

    public UserId UserOf(AccountId account) => UserId.Parse(account.Value);

    public KnownAccount? Find(AccountId account) => _known.GetValueOrDefault(account);
}
