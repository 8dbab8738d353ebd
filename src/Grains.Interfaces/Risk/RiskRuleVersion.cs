using Orleans;

namespace EmergencyStop.Risk;

/// <summary>One version of a rule. Versions are only ever added.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Version">From 1; a deletion is a version too.</param>
/// <param name="Deleted">Whether this version took the rule away.</param>
/// <param name="Source">Who owns the rule.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Reason">Why, in words.</param>
[GenerateSerializer, Immutable, Alias("risk-rule-version")]
public sealed record RiskRuleVersion(
    [property: Id(0)] RiskRule Rule,
    [property: Id(1)] int Version,
    [property: Id(2)] bool Deleted,
    [property: Id(3)] RiskRuleSource Source,
    [property: Id(4)] string By,
    [property: Id(5)] DateTimeOffset At,
    [property: Id(6)] string Reason);
