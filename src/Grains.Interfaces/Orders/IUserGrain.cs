using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues;
using Orleans;
using Orleans.Concurrency;

namespace EmergencyStop.Orders;

/// <summary>One user's book: owns the life of each order. Key: the user id. Reentrant.</summary>
[Alias("user-grain")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Admits an order through the gate, sends it, and waits a bounded time for the venue.</summary>
    [Alias("place")]
    Task<PlaceAnswer> PlaceAsync(OrderTerms terms, CancellationToken cancellationToken);

    /// <summary>Admits a reduce-only order past a closed gate, on a risk officer's word, and sends it.</summary>
    /// <remarks>Sized twice by signed exposure with everything in flight: before the admission, and right before it is sent.</remarks>
    [Alias("place-past-gate")]
    Task<PlaceAnswer> PlacePastGateAsync(OrderTerms terms, PastGate past, CancellationToken cancellationToken);

    /// <summary>Puts a new order in the place of one that rests: admitted through the gate like any other, and sent by the venue's own replace.</summary>
    /// <param name="old">The order that rests.</param>
    /// <param name="changes">What the new one has otherwise.</param>
    /// <param name="clientOrderId">The caller's own name for the new one; the same name twice is the same replacement.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    [Alias("replace")]
    Task<PlaceAnswer> ReplaceAsync(OrderId old, OrderChanges changes, ClientOrderId? clientOrderId, CancellationToken cancellationToken);

    /// <summary>Cancels one order; passes every gate.</summary>
    [AlwaysInterleave, Alias("cancel")]
    Task<CancelAnswer> CancelAsync(OrderId order, CancellationToken cancellationToken);

    /// <summary>Brings the given orders to their end for a stop, one outcome each.</summary>
    /// <remarks>The sweep carries the ledger rows it is about: a twin with an empty memory does the same work.</remarks>
    [AlwaysInterleave, Alias("sweep")]
    Task<SweepReport> SweepAsync(SweepCommand command, CancellationToken cancellationToken);

    /// <summary>Asks the venue for what is still open in scope after the gate closed, and adopts what was placed past us.</summary>
    [AlwaysInterleave, Alias("verify")]
    Task<VerifyReport> VerifyAsync(VerifyCommand command, CancellationToken cancellationToken);

    /// <summary>Looks at the venue while a latch holds: what turned up in its scope is adopted and ended at once, and its stop told.</summary>
    /// <param name="every">How often the account is read, however many processes ask: within half of it of the last look, that one's answer is given.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    [AlwaysInterleave, Alias("watch")]
    Task<WatchReport> WatchAsync(TimeSpan every, CancellationToken cancellationToken);

    /// <summary>Closes the positions in scope.</summary>
    [AlwaysInterleave, Alias("flatten")]
    Task<FlattenReport> FlattenAsync(FlattenCommand command, CancellationToken cancellationToken);

    /// <summary>Whether a sweep, a verification or a closing for this stop is under way here.</summary>
    /// <remarks>For whoever waits for the answer of one: where nothing is under way, the call or its answer was lost.</remarks>
    [AlwaysInterleave, Alias("works-for")]
    Task<bool> WorksForAsync(StopId stop, CancellationToken cancellationToken);

    /// <summary>Takes in what the venue says, in order.</summary>
    [AlwaysInterleave, Alias("observe")]
    Task ObserveAsync(ImmutableArray<VenueOrderReport> reports);

    /// <summary>Asks the venue about orders that were inferred never to have been sent; one that turns up is recorded.</summary>
    [AlwaysInterleave, Alias("look-for")]
    Task LookForAsync(ImmutableArray<OrderId> orders);

    /// <summary>Takes up orders that a process left behind. Idempotent.</summary>
    [AlwaysInterleave, Alias("wake")]
    Task WakeAsync();
}

/// <summary>The answer to placing an order.</summary>
[GenerateSerializer, Immutable, Alias("place-answer")]
public abstract record PlaceAnswer
{
    private PlaceAnswer()
    {
    }

    /// <summary>Admitted; the order as known when the answer was given.</summary>
    /// <param name="Order">The order.</param>
    /// <param name="Repeated">Whether it was there before, under the same client order id.</param>
    [GenerateSerializer, Immutable, Alias("place-answer.admitted")]
    public sealed record Admitted([property: Id(0)] Order Order, [property: Id(1)] bool Repeated) : PlaceAnswer;

    /// <summary>A latch holds the gate closed.</summary>
    [GenerateSerializer, Immutable, Alias("place-answer.gate-closed")]
    public sealed record GateClosed([property: Id(0)] Latch By) : PlaceAnswer;

    /// <summary>The order's strategy is paused.</summary>
    [GenerateSerializer, Immutable, Alias("place-answer.strategy-paused")]
    public sealed record StrategyPaused([property: Id(0)] StrategyPause By) : PlaceAnswer;

    /// <summary>It was to pass the gate of a stop that does not hold it closed for this order.</summary>
    [GenerateSerializer, Immutable, Alias("place-answer.not-held")]
    public sealed record NotHeld([property: Id(0)] StopId Stop) : PlaceAnswer;

    /// <summary>The order can be seen to be wrong without asking anybody.</summary>
    /// <param name="Field">The field, by its wire name.</param>
    /// <param name="Why">In a sentence.</param>
    [GenerateSerializer, Immutable, Alias("place-answer.invalid")]
    public sealed record Invalid([property: Id(0)] string Field, [property: Id(1)] string Why) : PlaceAnswer;

    /// <summary>Other programs place this account's orders: this service only watches it.</summary>
    /// <param name="Account">The account.</param>
    [GenerateSerializer, Immutable, Alias("place-answer.account-watched")]
    public sealed record AccountWatched([property: Id(0)] AccountId Account) : PlaceAnswer;

    /// <summary>The order to be replaced has ended, is being replaced, or is not known to rest.</summary>
    /// <param name="Order">It; <c>null</c> when this user has no such order.</param>
    /// <param name="Why">In a sentence.</param>
    [GenerateSerializer, Immutable, Alias("place-answer.not-replaceable")]
    public sealed record NotReplaceable([property: Id(0)] Order? Order, [property: Id(1)] string Why) : PlaceAnswer;

    /// <summary>Nothing can be admitted now: the ledger cannot be written.</summary>
    [GenerateSerializer, Immutable, Alias("place-answer.unavailable")]
    public sealed record Unavailable([property: Id(0)] string Why) : PlaceAnswer;

    /// <summary>Nothing is admitted while a stop is not recorded, whoever's it is.</summary>
    [GenerateSerializer, Immutable, Alias("place-answer.unrecorded")]
    public sealed record Unrecorded([property: Id(0)] StopId Stop, [property: Id(1)] StopTarget Target) : PlaceAnswer;
}

/// <summary>The answer to cancelling one order: the order as known then; <c>null</c> when this user has no such order.</summary>
/// <param name="Order">The order.</param>
/// <param name="Confirmed">Whether its end is proven; otherwise the cancel goes on.</param>
/// <param name="Why">Why it is not, in words.</param>
[GenerateSerializer, Immutable, Alias("cancel-answer")]
public sealed record CancelAnswer(
    [property: Id(0)] Order? Order,
    [property: Id(1)] bool Confirmed,
    [property: Id(2)] string? Why = null);

/// <summary>Bring these orders to their end.</summary>
/// <param name="Stop">For which stop.</param>
/// <param name="Number">The stop's number.</param>
/// <param name="Orders">The ledger rows, all of this user.</param>
/// <param name="Attempt">Which sweep of the stop this is, from 1.</param>
/// <param name="WholeAccount">Whether the stop's scope is exactly the user's whole account behind a held latch, so that the venue's own mass cancel may be used (F2).</param>
[GenerateSerializer, Immutable, Alias("sweep-command")]
public sealed record SweepCommand(
    [property: Id(0)] StopId Stop,
    [property: Id(1)] long Number,
    [property: Id(2)] ImmutableArray<Order> Orders,
    [property: Id(3)] int Attempt,
    [property: Id(4)] bool WholeAccount);

/// <summary>What a sweep came to; the outcomes are in the ledger already.</summary>
/// <param name="Outcomes">One per order.</param>
/// <param name="LastCancelSentAt">When the last cancel left (UTC).</param>
/// <param name="LastOrderSentAt">When the last of these orders left (UTC), if the sender knows.</param>
[GenerateSerializer, Immutable, Alias("sweep-report")]
public sealed record SweepReport(
    [property: Id(0)] ImmutableArray<ItemOutcome> Outcomes,
    [property: Id(1)] DateTimeOffset? LastCancelSentAt,
    [property: Id(2)] DateTimeOffset? LastOrderSentAt);

/// <summary>Look at the venue's open orders for a stop.</summary>
/// <param name="Stop">The stop.</param>
[GenerateSerializer, Immutable, Alias("verify-command")]
public sealed record VerifyCommand([property: Id(0)] Stop Stop);

/// <summary>What the venue still shows in scope.</summary>
/// <param name="Account">The account that was read.</param>
/// <param name="Readable">Whether the snapshot could be read; an unreadable one proves nothing (F8).</param>
/// <param name="Why">Why not.</param>
/// <param name="StillOpen">Ledger rows, adopted ones included, that the venue still works: sweep them.</param>
[GenerateSerializer, Immutable, Alias("verify-report")]
public sealed record VerifyReport(
    [property: Id(0)] AccountId Account,
    [property: Id(1)] bool Readable,
    [property: Id(2)] string? Why,
    [property: Id(3)] ImmutableArray<Order> StillOpen);

/// <summary>What a look at an account under a latch came to.</summary>
/// <param name="Account">The account.</param>
/// <param name="Readable">Whether it could be read; an unreadable one proves nothing (F8).</param>
/// <param name="Why">Why not.</param>
/// <param name="Found">How many orders turned up.</param>
[GenerateSerializer, Immutable, Alias("watch-report")]
public sealed record WatchReport(
    [property: Id(0)] AccountId Account,
    [property: Id(1)] bool Readable,
    [property: Id(2)] string? Why,
    [property: Id(3)] int Found);

/// <summary>Close this user's positions in a stop's scope.</summary>
/// <param name="Stop">The stop.</param>
[GenerateSerializer, Immutable, Alias("flatten-command")]
public sealed record FlattenCommand([property: Id(0)] Stop Stop);

/// <summary>What flattening came to; the outcomes are in the ledger already.</summary>
/// <param name="Outcomes">One per position.</param>
[GenerateSerializer, Immutable, Alias("flatten-report")]
public sealed record FlattenReport([property: Id(0)] ImmutableArray<ItemOutcome> Outcomes);
