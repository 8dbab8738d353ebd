using System.Collections.Immutable;
using EmergencyStop.Ids;
using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>One unmet debt of one stop.</summary>
/// <param name="Stop">The stop that owes it.</param>
/// <param name="Target">What that stop stopped.</param>
/// <param name="Item">What is owed, and what the last try came to; no attempts: it has not been tried yet.</param>
/// <param name="Since">When the debt arose (UTC).</param>
/// <param name="User">Whose book it is in; <c>null</c> when nobody can say.</param>
[GenerateSerializer, Immutable, Alias("obligation")]
public sealed record Obligation(
    [property: Id(0)] StopId Stop,
    [property: Id(1)] StopTarget Target,
    [property: Id(2)] ItemOutcome Item,
    [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] UserId? User);

/// <summary>Which debts to list.</summary>
/// <param name="Stop">Of this stop only.</param>
/// <param name="User">In this user's book only.</param>
/// <param name="Cursor">From the last page, or <c>null</c>.</param>
/// <param name="Limit">1 to 500 rows; default 100.</param>
[GenerateSerializer, Immutable, Alias("obligation-query")]
public sealed record ObligationQuery(
    [property: Id(0)] StopId? Stop,
    [property: Id(1)] UserId? User,
    [property: Id(2)] string? Cursor,
    [property: Id(3)] int Limit = 100);

/// <summary>A page of debts, by stop, kind and item.</summary>
/// <param name="Items">The debts; a page may hold fewer than asked for, even none, and have a next one.</param>
/// <param name="NextCursor">Where the next page begins; <c>null</c> on the last.</param>
[GenerateSerializer, Immutable, Alias("obligation-page")]
public sealed record ObligationPage([property: Id(0)] ImmutableArray<Obligation> Items, [property: Id(1)] string? NextCursor);
