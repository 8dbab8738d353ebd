using System.Globalization;
using EmergencyStop.Simulation.Tests.Running;

namespace EmergencyStop.Simulation.Tests.Planted;

public sealed class InTheWildTests
{
    private const int Failures = 28;

    [Fact]
    public void EachFailure_HasPlantedBugs_OrATestElsewhereAndAReason()
    {
        Assert.Equal(Enumerable.Range(1, Failures), InTheWild.All.Select(f => f.Number));
        Assert.All(InTheWild.All, f => Assert.NotEqual(f.Plants.IsEmpty, f.Elsewhere is null));
        Assert.Empty(InTheWild.All.SelectMany(f => f.Plants).Except(Plant.All.Select(p => p.Name)));
    }

    [Fact]
    public void TestsElsewhere_AreThere()
    {
        foreach (var (_, test) in InTheWild.All.Select(f => f.Elsewhere).OfType<(string Why, string Test)>())
        {
            var (project, @class, method) = (test.Split('/')[0], test.Split('/')[1].Split('.')[0], test.Split('.')[^1]);
            var file = Assert.Single(Directory.EnumerateFiles(Path.Combine(Root(), "tests", project), $"{@class}.cs", SearchOption.AllDirectories));
            Assert.Contains($" {method}(", File.ReadAllText(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheTableOfTheDocs_IsThisOne()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "simulator.md"));

        Assert.All(InTheWild.All, f => Assert.Contains(Row(f), page, StringComparison.Ordinal));
    }

    private static string Row(InTheWild failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"| F{failure.Number} | {failure.What} | {(failure.Elsewhere is { } there ? $"`{there.Test}`: {there.Why}" : string.Join(", ", failure.Plants.Select(p => $"`{p}`")))} |");

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EmergencyStop.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("EmergencyStop.sln is in no folder above the tests.");
    }
}
