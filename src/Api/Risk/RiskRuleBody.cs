using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Risk;

/// <summary>A risk rule, as a request or the rules' file writes it.</summary>
public record RiskRuleBody
{
    /// <summary>What it measures.</summary>
    public RiskRuleKind? Kind { get; init; }

    /// <summary>From here on it is broken, in its unit; above 0.</summary>
    public decimal? Threshold { get; init; }

    /// <summary>The threshold's unit. drawdown: percent (default) or currency; daily_loss: currency (default) or percent; order_rate: orders; reject_rate: percent; stale_figures: seconds.</summary>
    public RiskUnit? Unit { get; init; }

    /// <summary>Whose book it watches; left out: each user's own.</summary>
    public UserId? UserId { get; init; }

    /// <summary>Rates: only this strategy's orders.</summary>
    public StrategyId? StrategyId { get; init; }

    /// <summary>Rates: whether a user's orders are counted together (default), or each strategy's by themselves.</summary>
    public RiskPer? Per { get; init; }

    /// <summary>Rates: the sliding window in milliseconds, 1,000 to 600,000; default 10,000 for orders, 60,000 for rejects.</summary>
    public int? WindowMs { get; init; }

    /// <summary>reject_rate: with fewer orders in the window there is no rate; 1 to 1,000,000, default 20.</summary>
    public int? MinimumOrders { get; init; }

    /// <summary>Warning levels in per cent of the threshold, 1 to 99, at most 10; default none.</summary>
    public ImmutableArray<int>? WarnAt { get; init; }

    /// <summary>Readings in a row for which the breach must hold, 1 to 100; drawdown and daily loss: at least 2, default 3; others default 1.</summary>
    public int? HoldSamples { get; init; }

    /// <summary>For how long it must hold, in milliseconds, 0 to 600,000; drawdown and daily loss: default 2,000; others 0.</summary>
    public int? HoldMs { get; init; }

    /// <summary>What a breach leads to.</summary>
    public RiskAction? Action { get; init; }

    /// <summary>What a stop is aimed at: USER, or STRATEGY where strategies are counted by themselves, which is the default there.</summary>
    public EmergencyStopScope? Scope { get; init; }

    /// <summary>Whether a stop cancels the orders in scope; default true.</summary>
    public bool? CancelOrders { get; init; }

    /// <summary>Whether a stop pauses the strategies in scope; default true.</summary>
    public bool? PauseStrategies { get; init; }

    /// <summary>Whether a stop closes the positions in scope; default false.</summary>
    public bool? ClosePositions { get; init; }

    /// <summary>Whether a stop leaves protective orders until flat; default true.</summary>
    public bool? KeepProtective { get; init; }

    /// <summary>Whether it only records what it would have done; default false.</summary>
    public bool? Shadow { get; init; }

    /// <summary>Whether it watches at all; default true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>How long it does not act after the release of a stop that it made, in milliseconds, 0 to 86,400,000; default 60,000.</summary>
    public int? GraceMs { get; init; }

    /// <summary>Why it is written, in words; at most 500 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>How a rate counts.</summary>
public enum RiskPer
{
    /// <summary>All orders of a user together.</summary>
    User,

    /// <summary>Each strategy's by themselves.</summary>
    Strategy,
}
