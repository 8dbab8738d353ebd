using System.Collections.Immutable;
using EmergencyStop.Api.Wire;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Risk;

/// <summary>Checks a rule and fills in what it leaves out. Pure; the same for requests and for the file.</summary>
internal static class RiskRuleReading
{
    private const decimal LargestThreshold = 1_000_000_000_000_000;
    private const int LongestHoldMs = 600_000;
    private const int MostSamples = 100;
    private const int MostLevels = 10;
    private const int LongestGraceMs = 86_400_000;
    private const int UsualGraceMs = 60_000;

    /// <summary>The rule; only to be used when no error was noted.</summary>
    public static RiskRule Read(RiskRuleId id, RiskRuleBody body, FieldErrors errors)
    {
        var kind = errors.Required("kind", body.Kind);
        var rates = kind is RiskRuleKind.OrderRate or RiskRuleKind.RejectRate;
        var prices = kind is RiskRuleKind.Drawdown or RiskRuleKind.DailyLoss;
        var unit = UnitOf(kind, body.Unit, errors);
        var perStrategy = body.Per == RiskPer.Strategy && body.StrategyId is null;
        foreach (var (field, given) in new[] { ("strategy_id", body.StrategyId is not null), ("per", body.Per is not null), ("window_ms", body.WindowMs is not null) })
        {
            errors.AddIf(given && !rates, field, $"{field} is for order_rate and reject_rate only.");
        }

        errors.AddIf(body.MinimumOrders is not null && kind != RiskRuleKind.RejectRate, "minimum_orders", "minimum_orders is for reject_rate only.");
        return new(
            id,
            kind,
            ThresholdOf(body, unit, errors),
            unit,
            body.UserId,
            body.StrategyId,
            perStrategy,
            TimeSpan.FromMilliseconds(Within(errors, "window_ms", body.WindowMs, 1_000, LongestHoldMs, kind == RiskRuleKind.RejectRate ? 60_000 : 10_000)),
            Within(errors, "minimum_orders", body.MinimumOrders, 1, 1_000_000, 20),
            Levels(body, errors),
            Within(errors, "hold_samples", body.HoldSamples, prices ? 2 : 1, MostSamples, prices ? 3 : 1),
            TimeSpan.FromMilliseconds(Within(errors, "hold_ms", body.HoldMs, 0, LongestHoldMs, prices ? 2_000 : 0)),
            errors.Required("action", body.Action),
            ScopeOf(body, perStrategy, errors),
            OptionsOf(body, errors),
            body.Shadow ?? false,
            body.Enabled ?? true,
            TimeSpan.FromMilliseconds(Within(errors, "grace_ms", body.GraceMs, 0, LongestGraceMs, UsualGraceMs)));
    }

    private static RiskUnit UnitOf(RiskRuleKind kind, RiskUnit? asked, FieldErrors errors)
    {
        RiskUnit[] may = kind switch
        {
            RiskRuleKind.Drawdown => [RiskUnit.Percent, RiskUnit.Currency],
            RiskRuleKind.DailyLoss => [RiskUnit.Currency, RiskUnit.Percent],
            RiskRuleKind.OrderRate => [RiskUnit.Orders],
            RiskRuleKind.RejectRate => [RiskUnit.Percent],
            _ => [RiskUnit.Seconds],
        };
        errors.AddIf(asked is { } unit && !may.Contains(unit), "unit", $"The unit of {Words<RiskRuleKind>.Of(kind)} is {string.Join(" or ", may.Select(Words<RiskUnit>.Of))}.");
        return asked ?? may[0];
    }

    private static decimal ThresholdOf(RiskRuleBody body, RiskUnit unit, FieldErrors errors)
    {
        var threshold = errors.Required("threshold", body.Threshold);
        var most = unit == RiskUnit.Percent ? 100 : LargestThreshold;
        errors.AddIf(body.Threshold is not null && (threshold <= 0 || threshold > most), "threshold", $"threshold must be above 0 and at most {most}.");
        errors.AddIf(unit == RiskUnit.Orders && threshold != decimal.Truncate(threshold), "threshold", "threshold must be a whole number of orders.");
        return threshold;
    }

    private static ImmutableArray<int> Levels(RiskRuleBody body, FieldErrors errors)
    {
        var levels = body.WarnAt is { IsDefault: false } given ? given : [];
        errors.AddIf(levels.Any(l => l is < 1 or > 99) || levels.Length > MostLevels, "warn_at", $"warn_at holds at most {MostLevels} levels from 1 to 99, in per cent of the threshold.");
        return [.. levels.Distinct().Order()];
    }

    private static EmergencyStopScope ScopeOf(RiskRuleBody body, bool perStrategy, FieldErrors errors)
    {
        var byStrategy = perStrategy || body.StrategyId is not null;
        var scope = body.Scope ?? (byStrategy ? EmergencyStopScope.Strategy : EmergencyStopScope.User);
        errors.AddIf(scope is not (EmergencyStopScope.User or EmergencyStopScope.Strategy), "scope", "The scope of a rule is USER or STRATEGY.");
        errors.AddIf(scope == EmergencyStopScope.Strategy && !byStrategy, "scope", "A rule stops a STRATEGY only where it counts by strategy: give strategy_id, or per: strategy.");
        return scope;
    }

    private static StopOptions OptionsOf(RiskRuleBody body, FieldErrors errors)
    {
        var options = new StopOptions(body.CancelOrders ?? true, body.PauseStrategies ?? true, body.ClosePositions ?? false, body.KeepProtective ?? true);
        if (options.Contradiction is var (field, why))
        {
            errors.Add(field, why);
        }

        return options;
    }

    private static int Within(FieldErrors errors, string field, int? given, int least, int most, int usual)
    {
        errors.AddIf(given < least || given > most, field, $"{field} must be from {least} to {most}.");
        return given ?? usual;
    }
}
