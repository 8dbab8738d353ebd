using System.Collections.Immutable;
using EmergencyStop.Ids;
using Orleans;
using Orleans.Concurrency;

namespace EmergencyStop.Risk;

/// <summary>Watches one user by the risk rules. Key: the user id.</summary>
/// <remarks>What it must not forget is in the ledger; a twin of it does the same work, and of two that act only one does.</remarks>
[Alias("risk-guard-grain")]
public interface IRiskGuardGrain : IGrainWithStringKey
{
    /// <summary>Reads the account and judges. Called again and again by every process; one that comes too soon after another does nothing.</summary>
    [AlwaysInterleave, Alias("look")]
    Task LookAsync(CancellationToken cancellationToken);

    /// <summary>Counts orders and judges the rates. What was counted already is passed over.</summary>
    [AlwaysInterleave, Alias("observe")]
    Task ObserveAsync(ImmutableArray<RiskOrderEvent> events);

    /// <summary>The figures as they are.</summary>
    [AlwaysInterleave, Alias("show")]
    Task<RiskFigures> ShowAsync(CancellationToken cancellationToken);
}

/// <summary>An order that was admitted, or that the venue has rejected.</summary>
/// <param name="Id">Its place in the one order of changes.</param>
/// <param name="At">When that was learned (UTC).</param>
/// <param name="Strategy">Whose order it was.</param>
/// <param name="Rejected">Rejected; otherwise admitted.</param>
[GenerateSerializer, Immutable, Alias("risk-order-event")]
public sealed record RiskOrderEvent(
    [property: Id(0)] long Id, [property: Id(1)] DateTimeOffset At, [property: Id(2)] StrategyId? Strategy, [property: Id(3)] bool Rejected);

/// <summary>What is known of one user's risk.</summary>
/// <param name="User">The user.</param>
/// <param name="Equity">The last reading of the account; <c>null</c> before the first.</param>
/// <param name="Stale">Whether that is older than it may be, or there was none.</param>
/// <param name="Why">Why the last look could not read the account.</param>
/// <param name="Rules">Each rule that watches the user.</param>
[GenerateSerializer, Immutable, Alias("risk-figures")]
public sealed record RiskFigures(
    [property: Id(0)] UserId User,
    [property: Id(1)] EquityReading? Equity,
    [property: Id(2)] bool Stale,
    [property: Id(3)] string? Why,
    [property: Id(4)] ImmutableArray<RiskFigure> Rules);

/// <summary>An account's equity, read once.</summary>
/// <param name="Amount">How much, in the account's currency.</param>
/// <param name="Currency">Which, as <c>USD</c>.</param>
/// <param name="Source">Who says so.</param>
/// <param name="At">When it was read (UTC).</param>
/// <param name="VenueBegan">When the venue's figures began, where they begin anew with the venue.</param>
[GenerateSerializer, Immutable, Alias("equity-reading")]
public sealed record EquityReading(
    [property: Id(0)] decimal Amount,
    [property: Id(1)] string Currency,
    [property: Id(2)] EquitySource Source,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] DateTimeOffset? VenueBegan = null);

/// <summary>How one rule stands towards the user.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Watch">What is kept of its watch.</param>
/// <param name="Value">What it measures now, in its unit; <c>null</c> when that is not known.</param>
/// <param name="Words">The same in a sentence, or why it is not known.</param>
[GenerateSerializer, Immutable, Alias("risk-figure")]
public sealed record RiskFigure(
    [property: Id(0)] RiskRuleVersion Rule, [property: Id(1)] RiskWatch Watch, [property: Id(2)] decimal? Value, [property: Id(3)] string Words);
