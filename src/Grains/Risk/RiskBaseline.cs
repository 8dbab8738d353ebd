using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>From what a drawdown or a daily loss is measured. Pure.</summary>
internal static class RiskBaseline
{
    /// <summary>The watch with its peak, or its day's start, as of now; the same instance when nothing changes.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="watch">Its watch.</param>
    /// <param name="settled">The settled equity; <c>null</c> while there is none, which changes nothing.</param>
    /// <param name="day">The trading day.</param>
    /// <param name="now">When.</param>
    public static RiskWatch Next(RiskRule rule, RiskWatch watch, decimal? settled, DateOnly day, DateTimeOffset now)
    {
        if (settled is not { } equity || !rule.IsEquity)
        {
            return watch;
        }

        var anew = rule.Kind == RiskRuleKind.Drawdown
            ? watch.Baseline is not { } peak || equity > peak
            : watch.Baseline is null || watch.Day != day;
        return anew
            ? watch with { Baseline = equity, BaselineAt = now, Day = rule.Kind == RiskRuleKind.DailyLoss ? day : null }
            : watch;
    }

    /// <summary>Measured anew from now on: the next settled equity is the peak, and the day's loss is counted from it; orders of before are not counted.</summary>
    public static RiskWatch Rebase(RiskRule rule, RiskWatch watch, string why, DateTimeOffset now) => watch with
    {
        Standing = rule.Grace > TimeSpan.Zero ? RiskStanding.Grace : RiskStanding.Watching,
        GraceUntil = rule.Grace > TimeSpan.Zero ? now + rule.Grace : null,
        Level = 0,
        Since = now,
        Baseline = null,
        BaselineAt = null,
        Day = null,
        CountFrom = now,
        RebasedAt = now,
        RebasedWhy = why,
    };
}
