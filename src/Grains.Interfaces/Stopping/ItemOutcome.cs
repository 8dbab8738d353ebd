using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>What became of one thing that a stop owes, with how long it took.</summary>
/// <param name="Kind">What is owed.</param>
/// <param name="Item">Which: an order id, a strategy id, <c>account/symbol</c>, or an account.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="At">When that was learned (UTC).</param>
/// <param name="Duration">From the first act on it to that.</param>
/// <param name="FilledQuantity">Orders: how much had traded; positions: how much was closed.</param>
/// <param name="Phase">Unknown and failed: how far it came (<c>connect</c>, <c>write</c>, <c>acknowledge</c>, <c>confirm</c>, <c>netted</c>, …).</param>
/// <param name="Reason">Why, in words, without secrets.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextTry">Unmet: when it is tried next (UTC).</param>
/// <param name="Inferred">Only for <c>NeverSent</c>: concluded after the send window, not attested by the sender; it stays watched for 24 hours.</param>
[GenerateSerializer, Immutable, Alias("item-outcome")]
public sealed record ItemOutcome(
    [property: Id(0)] ObligationKind Kind,
    [property: Id(1)] string Item,
    [property: Id(2)] OutcomeKind Outcome,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] TimeSpan Duration,
    [property: Id(5)] decimal? FilledQuantity = null,
    [property: Id(6)] string? Phase = null,
    [property: Id(7)] string? Reason = null,
    [property: Id(8)] int Attempts = 1,
    [property: Id(9)] DateTimeOffset? NextTry = null,
    [property: Id(10)] bool Inferred = false);
