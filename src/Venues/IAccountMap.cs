using EmergencyStop.Ids;

namespace EmergencyStop.Venues;

/// <summary>Which account a user's orders go through. One user, one account: a shared account could not be flattened for one of them.</summary>
public interface IAccountMap
{
    /// <summary>The user's account; by default the account named like the user.</summary>
    AccountId AccountOf(UserId user);

    /// <summary>The user of an account.</summary>
    UserId UserOf(AccountId account);
}
