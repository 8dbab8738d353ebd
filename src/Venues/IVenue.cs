using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Venues;

/// <summary>An exchange or a broker.</summary>
/// <remarks>
/// Outcomes instead of exceptions: what went wrong is a value with the phase it went wrong in. Reads and cancels of
/// one order may be retried inside, with jitter; placing an order and a mass cancel are never retried by anybody. A cancelled token abandons the wait and
/// proves nothing. Instances are safe for concurrent use.
/// </remarks>
public interface IVenue
{
    /// <summary>What the venue can do.</summary>
    VenueDescription Description { get; }

    /// <summary>How the link is, as of the last calls.</summary>
    VenueHealth Health { get; }

    /// <summary>Sends an order. Asks <paramref name="permit"/> after every wait of its own, immediately before the write.</summary>
    ValueTask<PlaceOutcome> PlaceAsync(VenueOrder order, ISendPermit permit, CancellationToken cancellationToken);

    /// <summary>Puts an order in the place of one that rests. As with <see cref="PlaceAsync"/>: the permit is asked immediately before the write, once, and nobody repeats it.</summary>
    /// <remarks>The venue either replaces or refuses: a refusal leaves the resting order as it was.</remarks>
    ValueTask<PlaceOutcome> ReplaceAsync(VenueReplacement replacement, ISendPermit permit, CancellationToken cancellationToken);

    /// <summary>Asks for one order to be cancelled. Goes out of the reserved share of the rate limit.</summary>
    ValueTask<CancelOutcome> CancelAsync(AccountId account, OrderId order, string? venueOrderId, CancellationToken cancellationToken);

    /// <summary>Asks for every open order of the account to be cancelled. Its answer is no evidence about any order.</summary>
    /// <remarks>
    /// One that came late would hit orders of after its stop. So, as with <see cref="PlaceAsync"/>, the permit is asked once,
    /// after every wait and immediately before the write; a refusal is <see cref="MassCancelOutcome.NotSent"/>, an unfinished
    /// write is reset at <see cref="ISendPermit.WindowEnd"/>, and nobody repeats it.
    /// </remarks>
    ValueTask<MassCancelOutcome> CancelAllAsync(AccountId account, ISendPermit permit, CancellationToken cancellationToken);

    /// <summary>Asks for orders by client order id, in bulk where that is cheaper. Replaced orders are followed to the last.</summary>
    /// <returns>One reading per id asked.</returns>
    ValueTask<ImmutableDictionary<OrderId, Reading<VenueOrderReport>>> FindOrdersAsync(
        AccountId account, ImmutableArray<OrderId> orders, CancellationToken cancellationToken);

    /// <summary>Every order of the account that may still trade, of every declared class.</summary>
    /// <remarks>A paged list is not one snapshot: the reading is unreadable unless every page was read.</remarks>
    ValueTask<Reading<ImmutableArray<VenueOrderReport>>> OpenOrdersAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>The same for whoever looks again and again: it gives way to everything else and never touches the share reserved for cancels.</summary>
    ValueTask<Reading<ImmutableArray<VenueOrderReport>>> WatchOrdersAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>The venue's clock and hours: a cheap read that also proves that the account's link answers (F26).</summary>
    ValueTask<Reading<MarketClock>> ClockAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>Every position of the account.</summary>
    ValueTask<Reading<ImmutableArray<VenuePosition>>> PositionsAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>The account's money, for whoever looks again and again: it gives way as <see cref="WatchOrdersAsync"/> does.</summary>
    ValueTask<Reading<VenueAccount>> AccountAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>The last price of a symbol.</summary>
    ValueTask<Reading<decimal>> PriceAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken);

    /// <summary>Hands every change of an order to the observer, in order per order. Only where <see cref="VenueDescription.PushesUpdates"/>.</summary>
    void Subscribe(IVenueObserver observer);
}

/// <summary>Hears of changes at a venue. Must neither block nor throw: it is called on the thread that made the change.</summary>
public interface IVenueObserver
{
    /// <summary>An order has changed.</summary>
    void OnOrder(VenueOrderReport report);
}

/// <summary>What a venue can do.</summary>
/// <param name="Name">For people and logs.</param>
/// <param name="OrderTypes">The classes of orders it has; each is swept and verified (F4).</param>
/// <param name="MassCancel">The exact scope of its own mass cancel (F2).</param>
/// <param name="VisibilityBound">Longest time from an order's acceptance to its being found by client order id.</param>
/// <param name="PushesUpdates">Whether it tells of changes unasked; otherwise it is polled.</param>
/// <param name="OrdersDieWithSession">Whether its orders end with its session, so that one it no longer knows has ended.</param>
/// <param name="AcceptsReduceOnly">Whether it enforces reduce-only itself.</param>
/// <param name="RateLimit">How many calls an account may make; <c>null</c> where the venue declares no limit beforehand.</param>
public sealed record VenueDescription(
    string Name,
    ImmutableArray<OrderType> OrderTypes,
    MassCancelScope MassCancel,
    TimeSpan VisibilityBound,
    bool PushesUpdates,
    bool OrdersDieWithSession,
    bool AcceptsReduceOnly,
    VenueRateLimit? RateLimit = null);

/// <summary>How many calls an account may make. The adapter keeps to it; callers need it only to plan.</summary>
/// <param name="CallsPerMinute">Calls in a minute.</param>
/// <param name="ReservedForCancels">How many of them orders may not use, so that cancels find room (F24).</param>
public sealed record VenueRateLimit(int CallsPerMinute, int ReservedForCancels);

/// <summary>What a venue's mass cancel covers.</summary>
public enum MassCancelScope
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>Every open order of one account.</summary>
    Account,
}

/// <summary>How the link to a venue is. Silence is unknown, not fine (F26).</summary>
/// <param name="State"><c>up</c>, <c>silent</c> (it takes calls and says nothing), <c>down</c>, or <c>unknown</c> before the first call; the worst of its accounts.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="LastError">The last failure, in words.</param>
/// <param name="LastAnswerAt">When the venue last answered anything (UTC).</param>
/// <param name="Accounts">The accounts whose link is not up, by name, at most 100.</param>
public sealed record VenueHealth(
    string State, DateTimeOffset Since, string? LastError, DateTimeOffset? LastAnswerAt = null, ImmutableArray<AccountHealth> Accounts = default);

/// <summary>How the link of one account is.</summary>
/// <param name="Account">The account.</param>
/// <param name="State">As for the venue.</param>
/// <param name="LastAnswerAt">When the venue last answered on it (UTC).</param>
/// <param name="LastError">The last failure, in words.</param>
public sealed record AccountHealth(AccountId Account, string State, DateTimeOffset? LastAnswerAt, string? LastError);

/// <summary>An order as a venue takes it.</summary>
/// <param name="Id">Its client order id at the venue.</param>
/// <param name="Account">The account.</param>
/// <param name="Terms">What to do.</param>
public sealed record VenueOrder(OrderId Id, AccountId Account, OrderTerms Terms);

/// <summary>An order to be put in the place of one that rests.</summary>
/// <param name="Order">The new order; its id becomes the client order id at the venue.</param>
/// <param name="OldVenueOrderId">The venue's id of the one that rests.</param>
/// <param name="OldTerms">What that one was placed with; what differs is changed.</param>
public sealed record VenueReplacement(VenueOrder Order, string OldVenueOrderId, OrderTerms OldTerms)
{
    /// <summary>The changed value, or <c>null</c> where it is as before.</summary>
    public decimal? Changed(Func<OrderTerms, decimal?> of)
    {
        ArgumentNullException.ThrowIfNull(of);
        var now = of(Order.Terms);
        return now == of(OldTerms) ? null : now;
    }

    /// <summary>A trailing stop's changed distance, in the unit it was placed with.</summary>
    public decimal? ChangedTrail => Changed(static t => t.TrailPrice ?? t.TrailPercent);
}

/// <summary>A position as the venue reports it; signed, short is negative.</summary>
/// <param name="Account">The account.</param>
/// <param name="Symbol">The symbol, canonical.</param>
/// <param name="Quantity">Signed quantity.</param>
/// <param name="AveragePrice">Average entry price.</param>
/// <param name="CurrentPrice">The last price, if told.</param>
public sealed record VenuePosition(AccountId Account, Symbol Symbol, decimal Quantity, decimal AveragePrice, decimal? CurrentPrice);
