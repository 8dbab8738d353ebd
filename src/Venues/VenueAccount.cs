using EmergencyStop.Ids;

namespace EmergencyStop.Venues;

/// <summary>An account's money, as a venue tells it in one answer.</summary>
/// <param name="Account">The account.</param>
/// <param name="Equity">What everything in it is worth now; <c>null</c> where the venue does not say it.</param>
/// <param name="Cash">The cash in it, negative when it is owed; <c>null</c> where the venue does not say it.</param>
/// <param name="Currency">Of both, as <c>USD</c>.</param>
/// <param name="BeganAt">When these figures began (UTC), where they begin anew with the venue; <c>null</c> for an account that outlives it.</param>
public sealed record VenueAccount(AccountId Account, decimal? Equity, decimal? Cash, string Currency, DateTimeOffset? BeganAt = null);
