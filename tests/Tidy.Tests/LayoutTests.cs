using System.Globalization;
using System.Text.RegularExpressions;

namespace EmergencyStop.Tidy.Tests;

public sealed partial class LayoutTests
{
    private const int LongestFile = 300;
    private const int DeepestFolder = 2;
    private const int KnownFailures = 28;

    // What each project may refer to: everything points one way, and SoloSilo knows nothing of trading.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["SoloSilo"] = [],
        ["Grains.Interfaces"] = ["SoloSilo"],
        ["Ledger"] = ["Grains.Interfaces"],
        ["Venues"] = ["Grains.Interfaces"],
        ["Venues.Simulator"] = ["Venues"],
        ["Grains"] = ["Grains.Interfaces", "Ledger", "Venues"],
        ["Api"] = ["Grains.Interfaces", "Ledger"],
        ["Client"] = [],
        ["Silo"] = ["Api", "Client", "Grains"],
    };

    private static readonly string[] RolesForNames = ["Helper", "Helpers", "Util", "Utils", "Utilities", "Manager", "Service", "Common", "Misc"];

    public static TheoryData<string> Projects => [.. Checkout.Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".csproj", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_RefersOnlyToWhatItMay(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var references = Reference().Matches(Checkout.Read(project)).Select(m => m.Groups[1].Value);
        Assert.True(Allowed.TryGetValue(name, out var allowed), $"{name} is not in the layout; add it to DESIGN's dependency line and here.");
        Assert.Empty(references.Except(allowed!)); // TryGetValue was asserted.
    }

    [Fact]
    public void SoloSilo_KnowsNothingOfTrading()
    {
        var words = new Regex(@"\b(venue|broker|latch|trader|trading|kill switch|EmergencyStop)s?\b", RegexOptions.IgnoreCase);
        Assert.Empty(Checkout.Sources("src/SoloSilo").Where(f => words.IsMatch(Checkout.Read(f))));
    }

    [Fact]
    public void Files_AreAtMost300LinesLong() => Assert.Empty(Checkout.Sources("src", "tests", "benchmarks")
        .Select(f => (File: f, Lines: Checkout.Read(f).Count(c => c == '\n')))
        .Where(f => f.Lines > LongestFile && !Checkout.Read(f.File).StartsWith("// Longer than 300 lines:", StringComparison.Ordinal)));

    [Fact]
    public void Files_AreNotNamedForTheirRoleAlone() => Assert.Empty(Checkout.Sources("src", "tests", "benchmarks")
        .Where(f => RolesForNames.Contains(Path.GetFileNameWithoutExtension(f), StringComparer.OrdinalIgnoreCase)));

    [Fact]
    public void Folders_AreAtMostTwoDeepInAProject() => Assert.Empty(Checkout.Sources("src", "tests")
        .Where(f => f.Count(c => c == '/') > 2 + DeepestFolder));

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = Checkout.Read("EmergencyStop.sln").Replace('\\', '/');
        Assert.Empty(Checkout.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !solution.Contains(f, StringComparison.Ordinal)));
    }

    [Fact]
    public void GrainHost_IsKnownToTheFilesNamedForItOnly() => Assert.Empty(Checkout.Sources("src")
        .Where(f => !f.EndsWith(".Orleans.cs", StringComparison.Ordinal) && Checkout.Read(f).Contains("GRAIN_HOST_ORLEANS", StringComparison.Ordinal)));

    /// <summary>Each way in which real kill switches have failed has its tests, found by <c>dotnet test --filter F17_</c>.</summary>
    [Fact]
    public void Failures_HaveTestsByTheirNumbers()
    {
        var named = Checkout.Sources("tests").SelectMany(f => Failure().Matches(Checkout.Read(f))).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Empty(Enumerable.Range(1, KnownFailures).Except(named));
    }

    [Fact]
    public void Links_InTheDocsResolve() => Assert.Empty(
        from doc in Checkout.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))
        from Match link in Link().Matches(Checkout.Read(doc))
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
        let path = Path.GetFullPath(Path.Combine(Checkout.Root, Path.GetDirectoryName(doc) ?? string.Empty, target))
        where !File.Exists(path) && !Directory.Exists(path)
        select $"{doc}: {target}");

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*?([^/""\\]+)\.csproj""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"(?:[ _])F(\d{1,2})_\w+\(")]
    private static partial Regex Failure();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
