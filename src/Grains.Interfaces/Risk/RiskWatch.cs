using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Risk;

/// <summary>What is kept of one rule's watch over one user, or over one of the user's strategies.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="User">Whom it watches.</param>
/// <param name="Strategy">Which of the user's strategies, where each is counted by itself.</param>
/// <param name="RuleVersion">The version that was last applied.</param>
/// <param name="Since">Since when it stands as it does (UTC).</param>
[GenerateSerializer, Immutable, Alias("risk-watch")]
public sealed record RiskWatch(
    [property: Id(0)] RiskRuleId Rule,
    [property: Id(1)] UserId User,
    [property: Id(2)] StrategyId? Strategy,
    [property: Id(3)] int RuleVersion,
    [property: Id(4)] DateTimeOffset Since)
{
    /// <summary>How often it was written; the next writer names the one it has read, so that of two only one writes.</summary>
    [Id(5)]
    public long Revision { get; init; }

    /// <summary>How the rule stands.</summary>
    [Id(6)]
    public RiskStanding Standing { get; init; }

    /// <summary>The highest level reached and not left since: per cent of the threshold, 100 for a breach, 0 for none.</summary>
    [Id(7)]
    public int Level { get; init; }

    /// <summary>How many breaches there were, shadow and warnings included; a part of the idempotency key of each stop.</summary>
    [Id(8)]
    public long Episode { get; init; }

    /// <summary>Drawdown: the peak. Daily loss: the equity at the day's start. <c>null</c> until it is known.</summary>
    [Id(9)]
    public decimal? Baseline { get; init; }

    /// <summary>When that was (UTC).</summary>
    [Id(10)]
    public DateTimeOffset? BaselineAt { get; init; }

    /// <summary>Daily loss: which day.</summary>
    [Id(11)]
    public DateOnly? Day { get; init; }

    /// <summary>Rates: what came before this is not counted any more (UTC).</summary>
    [Id(12)]
    public DateTimeOffset? CountFrom { get; init; }

    /// <summary>Until when it does not act (UTC).</summary>
    [Id(13)]
    public DateTimeOffset? GraceUntil { get; init; }

    /// <summary>The last breach.</summary>
    [Id(14)]
    public RiskBreach? Breach { get; init; }

    /// <summary>When it was last re-based (UTC).</summary>
    [Id(15)]
    public DateTimeOffset? RebasedAt { get; init; }

    /// <summary>Why, in words.</summary>
    [Id(16)]
    public string? RebasedWhy { get; init; }

    /// <summary>When the venue's figures began, where they begin anew with the venue.</summary>
    [Id(17)]
    public DateTimeOffset? VenueBegan { get; init; }

    /// <summary>Whether it waits for the release of its own stop.</summary>
    public bool IsStopping => Standing == RiskStanding.Breached && Breach is { Stops: true };
}

/// <summary>One breach of a rule.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Words">The figures that led to it, in a sentence.</param>
/// <param name="RuleVersion">By which version.</param>
/// <param name="Stops">Whether it leads to a stop; otherwise it was a warning, or in shadow.</param>
/// <param name="Shadow">Whether it only records what it would have done.</param>
/// <param name="Stop">The stop; <c>null</c> until it is engaged.</param>
[GenerateSerializer, Immutable, Alias("risk-breach")]
public sealed record RiskBreach(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string Words,
    [property: Id(2)] int RuleVersion,
    [property: Id(3)] bool Stops,
    [property: Id(4)] bool Shadow,
    [property: Id(5)] StopId? Stop = null);
