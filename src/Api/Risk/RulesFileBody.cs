using System.Collections.Immutable;
using EmergencyStop.Risk;

namespace EmergencyStop.Api.Risk;

/// <summary>What stands in the rules' file.</summary>
internal sealed record RulesFileBody
{
    /// <summary>Why the rules are as they are, in words; it becomes the reason of each version that the file makes.</summary>
    public string? Reason { get; init; }

    /// <summary>The rules.</summary>
    public ImmutableArray<RulesFileEntry>? Rules { get; init; }
}

/// <summary>A rule in the file.</summary>
internal sealed record RulesFileEntry : RiskRuleBody
{
    /// <summary>Its name.</summary>
    public RiskRuleId? Id { get; init; }
}

/// <summary>A file that was read: its rules, or what is wrong with it.</summary>
/// <param name="Rules">Each rule with its reason.</param>
/// <param name="Wrong">What is wrong, each with its line; none where it is right.</param>
internal sealed record RulesFileContents(ImmutableArray<(RiskRule Rule, string Reason)> Rules, ImmutableArray<string> Wrong);
