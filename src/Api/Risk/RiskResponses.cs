using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Risk;

/// <summary>One version of a rule.</summary>
/// <param name="RuleId">Its name.</param>
/// <param name="Version">From 1; also its ETag.</param>
/// <param name="Deleted">Whether this version took it away.</param>
/// <param name="Source">Who owns it: api or file.</param>
/// <param name="WrittenBy">Who wrote this version.</param>
/// <param name="WrittenAt">When.</param>
/// <param name="Reason">Why.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="Threshold">From here on it is broken.</param>
/// <param name="Unit">The threshold's unit.</param>
/// <param name="UserId">Whose book it watches; null: each user's own.</param>
/// <param name="StrategyId">Rates: only this strategy's orders.</param>
/// <param name="Per">Rates: whether strategies are counted by themselves.</param>
/// <param name="WindowMs">Rates: the sliding window.</param>
/// <param name="MinimumOrders">reject_rate: with fewer orders there is no rate.</param>
/// <param name="WarnAt">Warning levels, per cent of the threshold.</param>
/// <param name="HoldSamples">Readings for which a breach must hold.</param>
/// <param name="HoldMs">For how long it must hold.</param>
/// <param name="Action">What a breach leads to.</param>
/// <param name="Scope">What a stop is aimed at.</param>
/// <param name="CancelOrders">Whether a stop cancels orders.</param>
/// <param name="PauseStrategies">Whether it pauses strategies.</param>
/// <param name="ClosePositions">Whether it closes positions.</param>
/// <param name="KeepProtective">Whether it leaves protective orders until flat.</param>
/// <param name="Shadow">Whether it only records.</param>
/// <param name="Enabled">Whether it watches.</param>
/// <param name="GraceMs">How long it does not act after the release of its stop.</param>
public sealed record RiskRuleResponse(
    RiskRuleId RuleId,
    int Version,
    bool Deleted,
    RiskRuleSource Source,
    string WrittenBy,
    DateTimeOffset WrittenAt,
    string Reason,
    RiskRuleKind Kind,
    decimal Threshold,
    RiskUnit Unit,
    UserId? UserId,
    StrategyId? StrategyId,
    RiskPer? Per,
    long? WindowMs,
    int? MinimumOrders,
    ImmutableArray<int> WarnAt,
    int HoldSamples,
    long HoldMs,
    RiskAction Action,
    EmergencyStopScope Scope,
    bool CancelOrders,
    bool PauseStrategies,
    bool ClosePositions,
    bool KeepProtective,
    bool Shadow,
    bool Enabled,
    long GraceMs)
{
    internal static RiskRuleResponse Of(RiskRuleVersion v)
    {
        var rule = v.Rule;
        return new(
            rule.Id, v.Version, v.Deleted, v.Source, v.By, v.At, v.Reason, rule.Kind, rule.Threshold, rule.Unit, rule.User, rule.Strategy,
            rule.IsRate ? rule.ByStrategy ? RiskPer.Strategy : RiskPer.User : null,
            rule.IsRate ? (long)rule.Window.TotalMilliseconds : null,
            rule.Kind == RiskRuleKind.RejectRate ? rule.MinimumOrders : null,
            rule.WarnAt, rule.HoldSamples, (long)rule.HoldFor.TotalMilliseconds, rule.Action, rule.Scope,
            rule.Options.CancelOrders, rule.Options.PauseStrategies, rule.Options.ClosePositions, rule.Options.KeepProtective,
            rule.Shadow, rule.Enabled, (long)rule.Grace.TotalMilliseconds);
    }
}

/// <summary>The rules.</summary>
/// <param name="Rules">The rules, by name.</param>
/// <param name="File">How the rules' file stands; null where none is named.</param>
public sealed record RiskRulesResponse(ImmutableArray<RiskRuleResponse> Rules, RulesFileResponse? File);

/// <summary>Every version of a rule.</summary>
/// <param name="Versions">The versions, newest first.</param>
public sealed record RiskRuleVersionsResponse(ImmutableArray<RiskRuleResponse> Versions);

/// <summary>How the rules' file stands in the process that answers.</summary>
/// <param name="Path">The file.</param>
/// <param name="ReadAt">When it was last read as a whole and taken; null when never.</param>
/// <param name="Wrong">Why what is in it now is not taken, with its line; null when it is.</param>
public sealed record RulesFileResponse(string Path, DateTimeOffset? ReadAt, string? Wrong);
