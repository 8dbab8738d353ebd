using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Orleans;

namespace EmergencyStop.Risk;

/// <summary>What is watched, from when on it is too much, and what is done then.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="Threshold">From here on it is broken, in <paramref name="Unit"/>; above 0.</param>
/// <param name="Unit">Drawdown and daily loss: currency or percent; order rate: orders; reject rate: percent; stale figures: seconds.</param>
/// <param name="User">Whose book; <c>null</c> for each user's own.</param>
/// <param name="Strategy">Rates only: this strategy's orders.</param>
/// <param name="PerStrategy">Rates only: each strategy is counted by itself.</param>
/// <param name="Window">Rates only: the sliding window; 1 s to 10 min.</param>
/// <param name="MinimumOrders">Reject rate only: with fewer orders in the window there is no rate; 1 to 1,000,000.</param>
/// <param name="WarnAt">Warning levels, per cent of the threshold, ascending; each from 1 to 99.</param>
/// <param name="HoldSamples">The breach must hold for so many readings in a row; 1 to 100, at least 2 for what is measured in prices.</param>
/// <param name="HoldFor">And for so long, from the first of them to the last; 0 to 10 min.</param>
/// <param name="Action">What a breach leads to.</param>
/// <param name="Scope">What a stop is aimed at: the user's book, or the strategy.</param>
/// <param name="Options">What a stop does beside closing the gate.</param>
/// <param name="Shadow">Only records what it would have done.</param>
/// <param name="Enabled">Whether it is watched at all.</param>
/// <param name="Grace">How long it does not act after the release of a stop that it made; 0 to 24 h.</param>
[GenerateSerializer, Immutable, Alias("risk-rule")]
public sealed record RiskRule(
    [property: Id(0)] RiskRuleId Id,
    [property: Id(1)] RiskRuleKind Kind,
    [property: Id(2)] decimal Threshold,
    [property: Id(3)] RiskUnit Unit,
    [property: Id(4)] UserId? User,
    [property: Id(5)] StrategyId? Strategy,
    [property: Id(6)] bool PerStrategy,
    [property: Id(7)] TimeSpan Window,
    [property: Id(8)] int MinimumOrders,
    [property: Id(9)] ImmutableArray<int> WarnAt,
    [property: Id(10)] int HoldSamples,
    [property: Id(11)] TimeSpan HoldFor,
    [property: Id(12)] RiskAction Action,
    [property: Id(13)] EmergencyStopScope Scope,
    [property: Id(14)] StopOptions Options,
    [property: Id(15)] bool Shadow,
    [property: Id(16)] bool Enabled,
    [property: Id(17)] TimeSpan Grace)
{
    /// <summary>Whether it counts orders; otherwise it looks at the account.</summary>
    public bool IsRate => Kind is RiskRuleKind.OrderRate or RiskRuleKind.RejectRate;

    /// <summary>Whether it measures in prices, of which one may be wrong.</summary>
    public bool IsEquity => Kind is RiskRuleKind.Drawdown or RiskRuleKind.DailyLoss;

    /// <summary>Whether each strategy is a subject of its own.</summary>
    public bool ByStrategy => PerStrategy || Strategy is not null;

    /// <summary>What a stop of it is aimed at.</summary>
    /// <param name="user">Whose book was looked at.</param>
    /// <param name="strategy">The strategy that was counted.</param>
    public StopTarget TargetOf(UserId user, StrategyId? strategy) =>
        Scope == EmergencyStopScope.Strategy && strategy is { } only ? StopTarget.Of(only) : StopTarget.Of(user);
}
