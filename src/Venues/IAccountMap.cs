using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Venues.Accounts;

namespace EmergencyStop.Venues;

/// <summary>Which account a user's orders go through. One user, one account: a shared account could not be flattened for one of them.</summary>
public interface IAccountMap
{
    /// <summary>The user's account; by default the account named like the user.</summary>
    AccountId AccountOf(UserId user);

    /// <summary>The user of an account.</summary>
    UserId UserOf(AccountId account);

    /// <summary>Every account that is named, by user. Users who are not named have accounts too.</summary>
    ImmutableArray<KnownAccount> Known { get; }

    /// <summary>What is said of an account; <c>null</c> for one that nobody named: it trades through this service.</summary>
    KnownAccount? Find(AccountId account);
}
