using EmergencyStop.Ids;
using EmergencyStop.Risk;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Risk;

/// <summary>Reads what an account is worth: as the venue says it, or computed from its cash, positions and prices; never guessed (law 4).</summary>
internal static class AccountFigures
{
    /// <summary>The equity, or why it is not known.</summary>
    public static async Task<(EquityReading? Equity, string? Why)> ReadAsync(IVenue venue, AccountId account, TimeProvider time, CancellationToken cancellationToken)
    {
        switch (await venue.AccountAsync(account, cancellationToken))
        {
            case Reading<VenueAccount>.Value { Is: { Equity: { } equity } shown }:
                return (new(equity, shown.Currency, EquitySource.Venue, time.GetUtcNow(), shown.BeganAt), null);
            case Reading<VenueAccount>.Value { Is: { Cash: not null } shown }:
                return await ComputeAsync(venue, shown, time, cancellationToken);
            case Reading<VenueAccount>.Value:
                return (null, "the venue says neither the account's equity nor its cash");
            case Reading<VenueAccount>.Absent:
                return (null, "the venue does not know the account");
            case Reading<VenueAccount>.Unreadable(_, var why):
                return (null, why);
            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} is no known reading.");
        }
    }

    private static async Task<(EquityReading? Equity, string? Why)> ComputeAsync(
        IVenue venue, VenueAccount shown, TimeProvider time, CancellationToken cancellationToken)
    {
        var positions = await venue.PositionsAsync(shown.Account, cancellationToken);
        if (positions is not Reading<System.Collections.Immutable.ImmutableArray<VenuePosition>>.Value { Is: var held })
        {
            return (null, "the positions cannot be read");
        }

        var equity = shown.Cash ?? 0;
        foreach (var position in held)
        {
            if ((position.CurrentPrice ?? await PriceAsync(venue, position, cancellationToken)) is not { } price || price <= 0)
            {
                return (null, $"there is no price of {position.Symbol}");
            }

            equity += position.Quantity * price;
        }

        // A trade between the two readings would be counted once and not twice, or the other way round.
        return await venue.AccountAsync(shown.Account, cancellationToken) is Reading<VenueAccount>.Value { Is.Cash: var cash } && cash == shown.Cash
            ? (new(equity, shown.Currency, EquitySource.Computed, time.GetUtcNow(), shown.BeganAt), null)
            : (null, "the account traded while it was read");
    }

    private static async Task<decimal?> PriceAsync(IVenue venue, VenuePosition position, CancellationToken cancellationToken) =>
        await venue.PriceAsync(position.Account, position.Symbol, cancellationToken) is Reading<decimal>.Value(var price) ? price : null;
}
