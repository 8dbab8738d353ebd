using System.Collections.Immutable;
using EmergencyStop.Ids;

namespace EmergencyStop.Venues.Accounts;

/// <summary>An account that is named in the settings or in the accounts file.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Account">The account.</param>
/// <param name="Mode">Who places its orders.</param>
/// <param name="Prefixes">In watch mode: beginnings of client order ids, beside <c>strategyid-</c>, and whose orders they are.</param>
public sealed record KnownAccount(
    UserId User, AccountId Account, AccountMode Mode, ImmutableDictionary<string, StrategyId> Prefixes);
