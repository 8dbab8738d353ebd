using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues;

namespace EmergencyStop.Ledger.Orders;

/// <summary>The orders' rows.</summary>
public interface IOrderLedger
{
    /// <summary>Admits an order: takes the gate lock shared, draws a number, looks for latches and pauses, inserts the row.</summary>
    /// <remarks>Group-committed with others. A row of the same order id, or of the same client order id of the user, is a duplicate, also behind a closed gate. An unknown strategy is registered with the order's user as its owner.</remarks>
    ValueTask<AdmitAnswer> AdmitAsync(NewOrder order, CancellationToken cancellationToken);

    /// <summary>Applies evidence by <see cref="OrderTransition"/>; attributes what has traded to the strategy's position in the same commit.</summary>
    /// <remarks>Long lists are cut into commits of at most 5 ms; the evidence of one order is never cut.</remarks>
    /// <returns>The rows after it, in the order given; an unknown id is left out.</returns>
    Task<ImmutableArray<Order>> RecordAsync(ImmutableArray<OrderEvidence> evidence, CancellationToken cancellationToken);

    /// <summary>The same for a sweep: evidence and the outcomes it pays, cut into commits of at most 5 ms; each cut holds an order's evidence together with its outcome.</summary>
    /// <remarks>Outcomes are upserted by (stop, kind, item); a met one is never overwritten, except a <c>NeverSent</c> that was inferred. One audit entry a cut.</remarks>
    Task<ImmutableArray<Order>> RecordSweepAsync(
        StopId stop, ImmutableArray<OrderEvidence> evidence, ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellationToken);

    /// <summary>One order.</summary>
    ValueTask<Order?> FindOrderAsync(OrderId order, CancellationToken cancellationToken);

    /// <summary>One order by its caller's own name.</summary>
    ValueTask<Order?> FindOrderAsync(UserId user, ClientOrderId clientOrderId, CancellationToken cancellationToken);

    /// <summary>Every active order of a user, closing and adopted ones included.</summary>
    Task<ImmutableArray<Order>> ActiveOrdersAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>What a stop owes and has not got: the active orders in its scope numbered before it, and those it has adopted; closing orders never, protective ones not while the stop keeps them.</summary>
    /// <param name="stop">The stop.</param>
    /// <param name="includeProtective">True once flat, for a stop that keeps protective orders until then.</param>
    /// <param name="partition">Only this slice of the users, or all.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    Task<ImmutableArray<Order>> OwedAsync(Stop stop, bool includeProtective, int? partition, CancellationToken cancellationToken);

    /// <summary>The orders of a stop's unmet outcomes, ended or not, by number.</summary>
    Task<ImmutableArray<Order>> UnmetOrdersAsync(StopId stop, CancellationToken cancellationToken);

    /// <summary>Orders in a stop's scope that were alive at its number, or adopted for it, have ended since, and have no met outcome yet for it.</summary>
    Task<ImmutableArray<Order>> EndedMeanwhileAsync(Stop stop, CancellationToken cancellationToken);

    /// <summary>Users with at least one active order, by id, from after <paramref name="after"/>.</summary>
    Task<ImmutableArray<UserId>> UsersWithActiveOrdersAsync(UserId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Users with an order that is <see cref="OrderState.InFlight"/> or <see cref="OrderState.Unknown"/>, by id, from after <paramref name="after"/>.</summary>
    /// <remarks>
    /// For whoever looks for orders that nobody follows: <paramref name="upTo"/> is a number noted a while ago, so that an order
    /// on its way is left alone, and no clock of another process is trusted. Cheap however many orders rest.
    /// </remarks>
    /// <param name="upTo">Only orders numbered up to this.</param>
    /// <param name="after">The last user of the page before, or <c>null</c>.</param>
    /// <param name="limit">Most users.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    Task<ImmutableArray<UserId>> UsersWithUnclearOrdersAsync(long upTo, UserId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Every user the ledger has heard of: with a strategy, an order of a strategy, or a position; by id.</summary>
    /// <remarks>Together with the account map these are the accounts that a SYMBOL or SYSTEM stop looks at.</remarks>
    Task<ImmutableArray<UserId>> KnownUsersAsync(CancellationToken cancellationToken);

    /// <summary>A page of orders, newest first.</summary>
    /// <remarks>Of the whole history one page looks at a bounded stretch: it may hold fewer rows than asked for, even none, and have a next one.</remarks>
    Task<Page<Order>> OrdersAsync(OrderQuery query, CancellationToken cancellationToken);

    /// <summary>Inserts the one unfinished closing order of (account, symbol), or returns the one that is there.</summary>
    /// <remarks>
    /// It passes the gate: it belongs to a stop. Requires the stop to hold its latch still. Where another closing order of
    /// the position came after <see cref="NewOrder.LastClosing"/>, that one stands in the way, ended or not: the position
    /// that the new order was sized by is an old one.
    /// </remarks>
    Task<ClosingAnswer> InsertClosingAsync(NewOrder order, StopId stop, int attempt, CancellationToken cancellationToken);

    /// <summary>The newest closing order of (account, symbol), of whatever stop, ended or not; <c>null</c> where there was none.</summary>
    Task<Order?> LastClosingAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken);

    /// <summary>The closing orders of (account, symbol) for a stop, by attempt.</summary>
    Task<ImmutableArray<Order>> ClosingsAsync(StopId stop, AccountId account, Symbol symbol, CancellationToken cancellationToken);

    /// <summary>Writes a row for an order found at the venue, placed past the service.</summary>
    /// <remarks>
    /// Takes the gate lock shared, in one transaction that requires the latch to be held still and no row of that client order id or venue id.
    /// The row's id is the venue's client order id where that is free, and otherwise made of account and venue id.
    /// The order becomes an unmet outcome of the stop in the same commit, and a completed stop <c>Outstanding</c> again, audited.
    /// </remarks>
    /// <param name="stop">The stop whose latch covers it.</param>
    /// <param name="user">Whose account it is in.</param>
    /// <param name="strategy">Whose order it is by its client order id, in accounts where other programs place orders; otherwise <c>null</c>.</param>
    /// <param name="report">What the venue shows.</param>
    /// <param name="at">When that was learned (UTC).</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <exception cref="ArgumentException">The order is not in the stop's scope.</exception>
    /// <returns>The new row; the row that was there; or <c>null</c> when the latch is gone or a carve-out covers the order.</returns>
    Task<Order?> AdoptAsync(StopId stop, UserId user, StrategyId? strategy, VenueOrderReport report, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Positions by user, strategy and symbol, as fills attributed them; zero ones left out.</summary>
    Task<ImmutableArray<AttributedPosition>> PositionsAsync(UserId? user, StrategyId? strategy, Symbol? symbol, CancellationToken cancellationToken);
}

/// <summary>An order on its way to the gate.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Terms">What was asked for.</param>
/// <param name="Account">The account it will go through.</param>
/// <param name="At">When it came (UTC).</param>
/// <param name="Replaces">The resting order in whose place it is put.</param>
public sealed record NewOrder(OrderId Id, OrderTerms Terms, AccountId Account, DateTimeOffset At, OrderId? Replaces = null)
{
    /// <summary>Set for a reduce-only order that a risk officer sends past a closed gate; its admission is audited.</summary>
    public PastGate? PastGate { get; init; }

    /// <summary>For a closing order: the newest one of the position, of whatever stop, which had ended before the position was read; <c>null</c> where there was none.</summary>
    public OrderId? LastClosing { get; init; }
}

/// <summary>The gate's answer to an order.</summary>
public abstract record AdmitAnswer
{
    private AdmitAnswer()
    {
    }

    /// <summary>Let in, in flight from now.</summary>
    public sealed record Admitted(Order Order) : AdmitAnswer;

    /// <summary>The user has an order of that client order id already.</summary>
    public sealed record Duplicate(Order Order) : AdmitAnswer;

    /// <summary>The order that it is to replace does not rest, or is being replaced.</summary>
    public sealed record NotReplaceable(Order? Old, string Why) : AdmitAnswer;

    /// <summary>A latch refuses it.</summary>
    public sealed record GateClosed(Latch By) : AdmitAnswer;

    /// <summary>It was to pass the gate of a stop that does not hold it closed for this order.</summary>
    public sealed record NotHeld(StopId Stop) : AdmitAnswer;

    /// <summary>A pause refuses it.</summary>
    public sealed record StrategyPaused(StrategyPause By) : AdmitAnswer;
}

/// <summary>The answer to a closing order.</summary>
public abstract record ClosingAnswer
{
    private ClosingAnswer()
    {
    }

    /// <summary>Inserted: send it.</summary>
    public sealed record Inserted(Order Order) : ClosingAnswer;

    /// <summary>This attempt, or an unfinished one of any stop, is there already: do not send it again.</summary>
    public sealed record Standing(Order Order) : ClosingAnswer;

    /// <summary>The stop holds no latch any more.</summary>
    public sealed record LatchGone : ClosingAnswer;
}

/// <summary>Which orders to list.</summary>
/// <param name="User">Of this user only.</param>
/// <param name="Strategy">Of this strategy only.</param>
/// <param name="Symbol">Of this symbol only.</param>
/// <param name="ActiveOnly">Only those that can still trade.</param>
/// <param name="Cursor">From the last page, or <c>null</c>.</param>
/// <param name="Limit">1 to 500 rows; default 100.</param>
public sealed record OrderQuery(UserId? User, StrategyId? Strategy, Symbol? Symbol, bool ActiveOnly, string? Cursor, int Limit = 100);

/// <summary>One page, by keyset.</summary>
/// <param name="Items">The rows.</param>
/// <param name="NextCursor">Where the next page begins; <c>null</c> on the last.</param>
public sealed record Page<T>(ImmutableArray<T> Items, string? NextCursor);

/// <summary>A position as the fills of one strategy made it; signed, short is negative.</summary>
/// <param name="Account">The account.</param>
/// <param name="User">The user.</param>
/// <param name="Strategy">The strategy; <c>null</c> for fills of closing and adopted orders.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Quantity">Signed quantity.</param>
public sealed record AttributedPosition(AccountId Account, UserId User, StrategyId? Strategy, Symbol Symbol, decimal Quantity);
