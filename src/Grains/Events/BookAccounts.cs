using EmergencyStop.Ids;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Events;

/// <summary>Answers from the account map.</summary>
internal sealed class BookAccounts(IAccountMap accounts) : IBookAccounts
{
    /// <inheritdoc/>
    public AccountId AccountOf(UserId user) => accounts.AccountOf(user);
}
