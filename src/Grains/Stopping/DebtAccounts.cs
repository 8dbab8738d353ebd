using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Whose the accounts are on which something is owed; the ledger does not know that.</summary>
internal static class DebtAccounts
{
    /// <summary>The users of the accounts that a stop's unmet debts name.</summary>
    public static async Task<ImmutableDictionary<AccountId, UserId>> OfAsync(
        ILedger ledger, IAccountMap accounts, StopId stop, CancellationToken cancellationToken)
    {
        var outcomes = await ledger.OutcomesAsync(stop, cancellationToken);
        return outcomes.Where(o => !o.Outcome.IsMet()).Select(AccountOf).OfType<AccountId>().Distinct()
            .ToImmutableDictionary(a => a, accounts.UserOf);
    }

    /// <summary>The user of the account that a debt is on; <c>null</c> for a debt that is on none.</summary>
    public static UserId? UserOf(IAccountMap accounts, ItemOutcome item) => AccountOf(item) is { } account ? accounts.UserOf(account) : null;

    private static AccountId? AccountOf(ItemOutcome item) =>
        item.Kind is ObligationKind.Position or ObligationKind.MassCancel or ObligationKind.Verification
        && AccountId.TryParse(item.Item.Split('/')[0], out var account, out _) ? account : null;
}
