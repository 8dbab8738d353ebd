using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Risk;

namespace EmergencyStop.Api.Risk;

/// <summary>What is known of one user's risk.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Equity">The account's equity when it was last read; null before.</param>
/// <param name="Currency">Of it.</param>
/// <param name="EquitySource">Whether the venue says it, or it is computed from the venue's cash, positions and prices.</param>
/// <param name="ReadAt">When it was read.</param>
/// <param name="Stale">Whether that is older than <c>Risk:StaleAfter</c>, or there was none.</param>
/// <param name="Why">Why the last look could not read the account; null when it could.</param>
/// <param name="Rules">Each rule that watches the user.</param>
public sealed record RiskUserResponse(
    UserId UserId,
    decimal? Equity,
    string? Currency,
    EquitySource? EquitySource,
    DateTimeOffset? ReadAt,
    bool Stale,
    string? Why,
    ImmutableArray<RiskFigureResponse> Rules)
{
    internal static RiskUserResponse Of(RiskFigures f) => new(
        f.User, f.Equity?.Amount, f.Equity?.Currency, f.Equity?.Source, f.Equity?.At, f.Stale, f.Why, [.. f.Rules.Select(RiskFigureResponse.Of)]);
}

/// <summary>How one rule stands towards the user.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Version">Its version.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="StrategyId">Of which strategy, where each is counted by itself.</param>
/// <param name="Value">What it measures now; null when that is not known, which is neither fine nor broken.</param>
/// <param name="Threshold">From here on it is broken.</param>
/// <param name="Unit">Of both.</param>
/// <param name="Words">The same in a sentence, or why it is not known.</param>
/// <param name="Level">The level reached, in per cent of the threshold: 100 is broken, 0 none.</param>
/// <param name="Standing">Watching, breached, or in its grace after a release.</param>
/// <param name="Since">Since when it stands so.</param>
/// <param name="MeasuredFrom">The peak, or the equity at the day's start.</param>
/// <param name="MeasuredSince">When that was.</param>
/// <param name="GraceUntil">Until when it does not act.</param>
/// <param name="Shadow">Whether it only records.</param>
/// <param name="Breaches">How often it was broken.</param>
/// <param name="LastBreach">The last time.</param>
/// <param name="RebasedAt">When it was last re-based.</param>
/// <param name="RebasedWhy">Why.</param>
public sealed record RiskFigureResponse(
    RiskRuleId RuleId,
    int Version,
    RiskRuleKind Kind,
    StrategyId? StrategyId,
    decimal? Value,
    decimal Threshold,
    RiskUnit Unit,
    string Words,
    int Level,
    RiskStanding Standing,
    DateTimeOffset Since,
    decimal? MeasuredFrom,
    DateTimeOffset? MeasuredSince,
    DateTimeOffset? GraceUntil,
    bool Shadow,
    long Breaches,
    RiskBreachResponse? LastBreach,
    DateTimeOffset? RebasedAt,
    string? RebasedWhy)
{
    internal static RiskFigureResponse Of(RiskFigure f) => new(
        f.Rule.Rule.Id, f.Rule.Version, f.Rule.Rule.Kind, f.Watch.Strategy, f.Value is { } value ? Math.Round(value, 4) : null, f.Rule.Rule.Threshold, f.Rule.Rule.Unit,
        f.Words, f.Watch.Level, f.Watch.Standing, f.Watch.Since, f.Watch.Baseline, f.Watch.BaselineAt, f.Watch.GraceUntil, f.Rule.Rule.Shadow, f.Watch.Episode,
        f.Watch.Breach is { } breach ? new(breach.At, breach.Words, breach.RuleVersion, breach.Shadow, breach.Stop) : null, f.Watch.RebasedAt, f.Watch.RebasedWhy);
}

/// <summary>One breach of a rule.</summary>
/// <param name="At">When.</param>
/// <param name="Words">The figures that led to it.</param>
/// <param name="Version">The rule's version then.</param>
/// <param name="Shadow">Whether it only recorded what it would have done.</param>
/// <param name="StopId">The stop that it led to; null for none.</param>
public sealed record RiskBreachResponse(DateTimeOffset At, string Words, int Version, bool Shadow, StopId? StopId);
