namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>The part of the Orleans 10 API that SoloSilo offers, as the packages of Microsoft.Orleans have it: <c>orleans-10-api.txt</c>.</summary>
/// <remarks>In the Orleans flavour a test holds the list against the packages, in the Solo flavour another holds SoloSilo against the list.</remarks>
internal static class OrleansApi
{
    /// <summary>The list, without its comments.</summary>
    public static IReadOnlyList<string> Lines { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Contracts", "orleans-10-api.txt")).Where(l => l.Length > 0 && l[0] != '#')];

    /// <summary>The types it speaks of.</summary>
    public static IReadOnlyCollection<string> Types { get; } = [.. Lines.Select(l => l[..l.IndexOf(" | ", StringComparison.Ordinal)]).Distinct()];
}
