using System.Globalization;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>How many histories met which situation, as a person reads it.</summary>
public static class CoverageTable
{
    /// <summary>Its lines: what was never met comes last.</summary>
    public static IEnumerable<string> Of(CampaignResult result) => Situations.All
        .Select(s => (Situation: s, Count: result.Covered.GetValueOrDefault(s)))
        .OrderBy(s => s.Count == 0)
        .Select(s => string.Create(CultureInfo.InvariantCulture, $"{(s.Count == 0 ? "never" : s.Count),8}  {s.Situation}"));

    /// <summary>What was never met.</summary>
    public static IReadOnlyList<string> Missing(CampaignResult result) => [.. Situations.All.Where(s => !result.Covered.ContainsKey(s))];

    /// <summary>What was met and is not named.</summary>
    public static IReadOnlyList<string> Unnamed(CampaignResult result) => [.. result.Covered.Keys.Except(Situations.All)];
}
