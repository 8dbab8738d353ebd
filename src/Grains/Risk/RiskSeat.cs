using EmergencyStop.Ids;
using EmergencyStop.Risk;

namespace EmergencyStop.Grains.Risk;

/// <summary>One rule over one user, or over one of the user's strategies: what is kept of it in the ledger, and what only memory holds.</summary>
internal sealed class RiskSeat
{
    /// <summary>A peak is written again once it has risen by this part: so much of it a crash may lose.</summary>
    public const decimal PeakStep = 0.001m;

    private readonly HeldReadings _held = new();
    private RiskSight? _sight;

    public RiskSeat(RiskRuleVersion version, RiskWatch watch)
    {
        (Version, Watch, Saved) = (version, watch, watch);
        Counts = version.Rule.IsRate ? new(version.Rule.Window) : null;
    }

    /// <summary>The rule.</summary>
    public RiskRuleVersion Version { get; private set; }

    /// <summary>The watch as memory has it.</summary>
    public RiskWatch Watch { get; set; }

    /// <summary>The watch as the ledger has it.</summary>
    public RiskWatch Saved { get; set; }

    /// <summary>The orders in its window.</summary>
    public OrderCounts? Counts { get; private set; }

    /// <summary>What it measured last; <c>null</c> while that is not known.</summary>
    public decimal? Value { get; private set; }

    /// <summary>The same in a sentence, made when it is asked for.</summary>
    public string Words => _sight is { } sight ? RiskMeasure.Words(Version.Rule, Watch, sight, Value) : "it was not looked at yet";

    /// <summary>Whether something is being written or stopped for it: it is not judged meanwhile.</summary>
    public bool Busy { get; set; }

    /// <summary>Whether it threw when it was last judged.</summary>
    public bool Failing { get; set; }

    /// <summary>Whether there is nothing to remember it for.</summary>
    public bool IsIdle => Counts is { Admitted: 0, Rejected: 0 } && Watch is { Level: 0, Standing: RiskStanding.Watching } && !Busy;

    /// <summary>Takes another version of the rule.</summary>
    public void Take(RiskRuleVersion version)
    {
        if (version.Version == Version.Version)
        {
            return;
        }

        if (version.Rule.IsRate && version.Rule.Window != Counts?.Window)
        {
            Counts = new(version.Rule.Window);
        }

        Version = version;
        _held.Clear();
    }

    /// <summary>Takes what another activation has written.</summary>
    public void Take(RiskWatch row)
    {
        (Watch, Saved) = (row, row);
        _held.Clear();
    }

    /// <summary>Judges anew from now on.</summary>
    public void Rebase(string why, DateTimeOffset now)
    {
        Watch = RiskBaseline.Rebase(Version.Rule, Watch, why, now);
        Value = null;
        Counts?.Clear();
        _held.Clear();
    }

    /// <summary>The venue's figures begin anew: nothing of before can be compared with them.</summary>
    public void BeginAnew(DateTimeOffset venueBegan, DateTimeOffset now)
    {
        Watch = Watch with
        {
            VenueBegan = venueBegan, Baseline = null, BaselineAt = null, Day = null, RebasedAt = now, RebasedWhy = "the venue's figures began anew",
        };
        _held.Clear();
    }

    /// <summary>Counts an order, if it is one of its own.</summary>
    public void Count(RiskOrderEvent order)
    {
        if (Counts is { } counts && (Watch.Strategy is not { } only || only == order.Strategy) && !(order.At < Watch.CountFrom))
        {
            counts.Add(order.At, order.Rejected);
        }
    }

    /// <summary>Judges what is seen; throws where a figure cannot be computed.</summary>
    /// <returns>What is to be told.</returns>
    public RiskChange Judge(RiskSight sight, decimal? settled, DateOnly day, bool fresh, DateTimeOffset now)
    {
        Counts?.Pass(now);
        Watch = RiskJudgement.Prepare(Version, Watch, now);
        if (fresh && !Watch.IsStopping)
        {
            Watch = RiskBaseline.Next(Version.Rule, Watch, settled, day, now);
        }

        Value = RiskMeasure.Of(Version.Rule, Watch, sight);
        _sight = sight;
        if (Value is not { } value || (Version.Rule.IsEquity && !fresh))
        {
            return RiskChange.None; // One reading is never counted twice.
        }

        var held = _held.Add(value, now, Version.Rule.HoldSamples, Version.Rule.HoldFor);
        (Watch, var change) = RiskJudgement.Next(Version, Watch, held, () => Words, now);
        return change;
    }

    /// <summary>Whether the ledger must know what memory has.</summary>
    public bool MustSave()
    {
        var version = Saved.Revision == 0 ? Saved.RuleVersion : Watch.RuleVersion; // A row that says nothing else need not be there.
        if (Watch with { Baseline = Saved.Baseline, BaselineAt = Saved.BaselineAt, Since = Saved.Since, RuleVersion = version } != Saved)
        {
            return true;
        }

        return (Watch.Baseline, Saved.Baseline) switch
        {
            ({ } now, { } then) => Math.Abs(now - then) > Math.Abs(then) * PeakStep || (Version.Rule.Kind == RiskRuleKind.DailyLoss && now != then),
            (null, null) => false,
            _ => true,
        };
    }
}
