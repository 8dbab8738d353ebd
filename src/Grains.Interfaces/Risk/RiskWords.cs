using Orleans;

namespace EmergencyStop.Risk;

/// <summary>What a rule measures.</summary>
[GenerateSerializer, Alias("risk-rule-kind")]
public enum RiskRuleKind
{
    /// <summary>How far the account's equity is below its peak.</summary>
    Drawdown,

    /// <summary>How far the account's equity is below what it was at the day's start.</summary>
    DailyLoss,

    /// <summary>Orders admitted within a sliding window: the runaway algorithm.</summary>
    OrderRate,

    /// <summary>The share of orders that the venue has rejected within a sliding window.</summary>
    RejectRate,

    /// <summary>How long the account's figures could not be read. Only such a rule acts on missing prices; no other does.</summary>
    StaleFigures,
}

/// <summary>The unit of a rule's threshold.</summary>
[GenerateSerializer, Alias("risk-unit")]
public enum RiskUnit
{
    /// <summary>Money, in the account's currency.</summary>
    Currency,

    /// <summary>Per cent: of the peak, of the day's start, or of the orders in the window.</summary>
    Percent,

    /// <summary>Orders in the window.</summary>
    Orders,

    /// <summary>Seconds.</summary>
    Seconds,
}

/// <summary>What a breach leads to.</summary>
[GenerateSerializer, Alias("risk-action")]
public enum RiskAction
{
    /// <summary>An event and a line in the log.</summary>
    Warn,

    /// <summary>A stop, like any other.</summary>
    Stop,
}

/// <summary>How a rule stands towards one user, or one of the user's strategies.</summary>
[GenerateSerializer, Alias("risk-standing")]
public enum RiskStanding
{
    /// <summary>Watched: a breach that holds is acted on.</summary>
    Watching,

    /// <summary>Broken, and acted on once. A rule that stops stays so until its stop is released; others until the figure is well below the threshold again.</summary>
    Breached,

    /// <summary>Re-based after the release of its stop: it measures and does not act yet.</summary>
    Grace,
}

/// <summary>Where an account's equity comes from.</summary>
[GenerateSerializer, Alias("equity-source")]
public enum EquitySource
{
    /// <summary>The venue says it.</summary>
    Venue,

    /// <summary>Computed from the venue's cash, positions and prices, all of one reading.</summary>
    Computed,
}

/// <summary>Who owns a rule, and so may change it.</summary>
[GenerateSerializer, Alias("risk-rule-source")]
public enum RiskRuleSource
{
    /// <summary>Written through the API.</summary>
    Api,

    /// <summary>Named in the rules' file.</summary>
    File,
}
