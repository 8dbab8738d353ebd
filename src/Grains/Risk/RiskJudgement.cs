using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>What a figure that has held means. Pure.</summary>
internal static class RiskJudgement
{
    /// <summary>The level of a breach, and the threshold itself in per cent of it.</summary>
    public const int Broken = 100;

    /// <summary>A level is left once the figure is so far below it, in per cent of the threshold: one that wavers around it is told once (F27).</summary>
    private const int Slack = 10;

    /// <summary>Applies what has become of the rule and of time, before anything is measured.</summary>
    public static RiskWatch Prepare(RiskRuleVersion version, RiskWatch watch, DateTimeOffset now)
    {
        if (watch.RuleVersion != version.Version)
        {
            // A changed rule judges anew; a stop of an earlier version stands until it is released.
            watch = watch.IsStopping || watch.Standing == RiskStanding.Grace
                ? watch with { RuleVersion = version.Version }
                : watch with { RuleVersion = version.Version, Standing = RiskStanding.Watching, Level = 0, Since = now };
        }

        return watch.Standing == RiskStanding.Grace && !(now < watch.GraceUntil)
            ? watch with { Standing = RiskStanding.Watching, GraceUntil = null, Since = now }
            : watch;
    }

    /// <summary>The watch after a figure that has held.</summary>
    /// <param name="version">The rule.</param>
    /// <param name="watch">Its watch.</param>
    /// <param name="held">The lowest figure within the hold; <c>null</c> while nothing has held, which changes nothing.</param>
    /// <param name="words">The figures in a sentence.</param>
    /// <param name="now">When.</param>
    /// <returns>The watch, and what is to be told.</returns>
    public static (RiskWatch Watch, RiskChange Change) Next(RiskRuleVersion version, RiskWatch watch, decimal? held, Func<string> words, DateTimeOffset now)
    {
        if (held is not { } figure || watch.Standing == RiskStanding.Grace || watch.IsStopping)
        {
            return (watch, RiskChange.None);
        }

        var rule = version.Rule;
        if (figure >= rule.Threshold)
        {
            return watch.Level < Broken ? (Break(version, watch, words(), now), RiskChange.Broken) : (watch, RiskChange.None);
        }

        var reached = figure / rule.Threshold * Broken;
        var level = rule.WarnAt.Where(w => w <= reached).DefaultIfEmpty(0).Max();
        if (level > watch.Level)
        {
            return (watch with { Level = level, Since = now }, RiskChange.Warned);
        }

        return level < watch.Level && reached < watch.Level - Slack
            ? (watch with { Level = level, Standing = RiskStanding.Watching, Since = now }, RiskChange.Eased)
            : (watch, RiskChange.None);
    }

    private static RiskWatch Break(RiskRuleVersion version, RiskWatch watch, string words, DateTimeOffset now) => watch with
    {
        Standing = RiskStanding.Breached,
        Level = Broken,
        Since = now,
        Episode = watch.Episode + 1,
        Breach = new(now, words, version.Version, Stops: version.Rule is { Action: RiskAction.Stop, Shadow: false }, version.Rule.Shadow),
    };
}

/// <summary>What has changed in a watch and is to be told.</summary>
internal enum RiskChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A warning level is reached.</summary>
    Warned,

    /// <summary>The rule is broken.</summary>
    Broken,

    /// <summary>The figure has fallen below the level.</summary>
    Eased,
}
