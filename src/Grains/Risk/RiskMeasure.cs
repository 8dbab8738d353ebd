using System.Globalization;
using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>What a rule measures now, and how that is said. Pure.</summary>
internal static class RiskMeasure
{
    private const decimal Hundred = 100;

    /// <summary>The figure in the rule's unit; <c>null</c> while it is not known, which is never taken for fine or broken.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="watch">What is kept of its watch: the peak, or the day's start.</param>
    /// <param name="sight">What was seen.</param>
    public static decimal? Of(RiskRule rule, RiskWatch watch, RiskSight sight) => rule.Kind switch
    {
        RiskRuleKind.Drawdown or RiskRuleKind.DailyLoss => Fall(rule, watch, sight),
        RiskRuleKind.OrderRate => sight.Orders?.Admitted,
        RiskRuleKind.RejectRate => sight.Orders is { } orders && Math.Max(orders.Admitted, orders.Rejected) >= rule.MinimumOrders
            ? orders.Rejected * Hundred / Math.Max(orders.Admitted, orders.Rejected)
            : null,
        RiskRuleKind.StaleFigures => sight.SilentFor is { } silent ? (decimal)silent.TotalSeconds : null,
        _ => throw new InvalidOperationException($"Kind {rule.Kind} is not known."),
    };

    /// <summary>The figure in a sentence, with what it is measured against.</summary>
    public static string Words(RiskRule rule, RiskWatch watch, RiskSight sight, decimal? value)
    {
        if (value is not { } figure)
        {
            return Unknown(rule, watch, sight);
        }

        var limit = $"{(figure >= rule.Threshold ? "over" : "under")} the limit of {Amount(rule, rule.Threshold, sight)}";
        var currency = sight.Equity?.Currency ?? string.Empty;
        return rule.Kind switch
        {
            RiskRuleKind.Drawdown =>
                $"drawdown {Amount(rule, figure, sight)} {limit}: equity {Money(sight.Equity?.Amount, currency)}, peak {Money(watch.Baseline, currency)} of {Time(watch.BaselineAt)}",
            RiskRuleKind.DailyLoss =>
                $"daily loss {Amount(rule, figure, sight)} {limit} since {Time(watch.BaselineAt)}: equity {Money(sight.Equity?.Amount, currency)}, then {Money(watch.Baseline, currency)}",
            RiskRuleKind.OrderRate => $"{Amount(rule, figure, sight)} within {rule.Window.TotalSeconds:0.###} s, {limit}{Whose(watch)}",
            RiskRuleKind.RejectRate =>
                $"{Amount(rule, figure, sight)} of {Math.Max(sight.Orders?.Admitted ?? 0, sight.Orders?.Rejected ?? 0)} orders rejected within {rule.Window.TotalSeconds:0.###} s, {limit}{Whose(watch)}",
            _ => $"the account could not be read for {Amount(rule, figure, sight)}, {limit}",
        };
    }

    private static decimal? Fall(RiskRule rule, RiskWatch watch, RiskSight sight)
    {
        if (sight.Equity is not { } equity || watch.Baseline is not { } from)
        {
            return null;
        }

        var fall = from - equity.Amount;
        return rule.Unit == RiskUnit.Currency ? fall : from > 0 ? fall * Hundred / from : null;
    }

    private static string Unknown(RiskRule rule, RiskWatch watch, RiskSight sight) => rule switch
    {
        { Kind: RiskRuleKind.RejectRate } => $"fewer than {rule.MinimumOrders} orders within {rule.Window.TotalSeconds:0.###} s",
        { IsRate: true } => "no orders were seen yet",
        { IsEquity: true } when sight.Equity is null => "the account has not been read yet",
        { IsEquity: true } when watch.Baseline is null => $"the first {SettledEquity.Readings} readings are awaited",
        { IsEquity: true } => "there is no percentage of a peak that is not above 0",
        _ => "the account has not been looked at yet",
    };

    private static string Whose(RiskWatch watch) => watch.Strategy is { } strategy ? $" (strategy {strategy})" : string.Empty;

    private static string Amount(RiskRule rule, decimal value, RiskSight sight) => rule.Unit switch
    {
        RiskUnit.Currency => Money(value, sight.Equity?.Currency ?? string.Empty),
        RiskUnit.Percent => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} %"),
        RiskUnit.Orders => string.Create(CultureInfo.InvariantCulture, $"{value:0} orders"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.#} s"),
    };

    private static string Money(decimal? amount, string currency) => string.Create(CultureInfo.InvariantCulture, $"{amount:N2} {currency}").TrimEnd();

    private static string Time(DateTimeOffset? at) => string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd HH:mm} UTC");
}

/// <summary>What was seen when a rule is judged.</summary>
/// <param name="Equity">The last reading of the account.</param>
/// <param name="Orders">The orders within the rule's window.</param>
/// <param name="SilentFor">How long the account could not be read; zero right after a reading.</param>
internal readonly record struct RiskSight(EquityReading? Equity, OrderCounts? Orders, TimeSpan? SilentFor);
