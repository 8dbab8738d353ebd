using EmergencyStop.Ids;

namespace EmergencyStop.Venues;

/// <summary>Through which account a user trades.</summary>
public interface IBookAccounts
{
    /// <summary>The account of a user's book.</summary>
    AccountId AccountOf(UserId user);
}
