using System.Text;

namespace EmergencyStop.Simulation.Tests.Planted;

public sealed class PlantedBugsTests
{
    private const int Laws = 10;
    private static readonly Lazy<Dictionary<string, string>> Sources = new(static () => Planting.Read(Path.Combine(Root(), "src", "Grains")));

    public static TheoryData<string> Names => [.. PlantedBugs.All.Select(b => b.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bug_AppliesToTheSourcesAndIsInThePlantedAssemblyOnly(string name)
    {
        var bug = PlantedBugs.All.Single(b => b.Name == name);
        var planted = Planting.Plant(Sources.Value, [bug]);

        Assert.All(bug.Edits, e => Assert.NotEqual(Sources.Value[e.File], planted[e.File]));
        Assert.InRange(bug.Law, 0, Laws); // 0 is what holds beside the laws.
        Assert.EndsWith(".", bug.Sentence, StringComparison.Ordinal);
        Assert.True(Holds(Grains("planted"), name));
        Assert.False(Holds(Grains(string.Empty), name));
    }

    [Fact]
    public void Bugs_AreAsleepUntilOneIsSwitchedOnByName() => Assert.True(Holds(Grains("planted"), Planting.Switch));

    [Fact]
    public void TheOrdinaryAssembly_HoldsNone() => Assert.False(Holds(Grains(string.Empty), Planting.Switch));

    /// <summary>The copy runs as the ordinary program does: it lacks nothing.</summary>
    [Fact]
    public void PlantedFolder_HoldsEveryLibraryOfTheOutput()
    {
        static IEnumerable<string?> Libraries(string folder) => Directory.EnumerateFiles(folder)
            .Where(f => f.EndsWith(".dll", StringComparison.Ordinal) || f.EndsWith(".json", StringComparison.Ordinal)).Select(Path.GetFileName);

        Assert.Empty(Libraries(AppContext.BaseDirectory).Except(Libraries(Path.Combine(AppContext.BaseDirectory, "planted"))));
    }

    [Fact]
    public void Bug_WhoseTextIsGone_IsNamed()
    {
        var gone = new PlantedBug("gone", 1, "Nothing.", "Orders/Exposure.cs", "no such text", "Planted.Is(\"gone\")");

        var why = Assert.Throws<InvalidOperationException>(() => Planting.Plant(Sources.Value, [gone]));

        Assert.Contains("The planted bug gone does not apply: its old text occurs nowhere in Orders/Exposure.cs.", why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bug_WhoseTextIsThereTwice_IsNamed()
    {
        var twice = new PlantedBug("twice", 1, "Nothing.", "Orders/Exposure.cs", "Math.Sign", "Planted.Is(\"twice\")");

        var why = Assert.Throws<InvalidOperationException>(() => Planting.Plant(Sources.Value, [twice]));

        Assert.Contains("The planted bug twice does not apply: its old text occurs more than once", why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bugs_OnTheSameText_AreNamed()
    {
        PlantedBug Bug(string name) => new(name, 1, "Nothing.", "Orders/Exposure.cs", "var competing = working", $"Planted.Is(\"{name}\")");

        var why = Assert.Throws<InvalidOperationException>(() => Planting.Plant(Sources.Value, [Bug("one"), Bug("two")]));

        Assert.Contains("one and two", why.Message, StringComparison.Ordinal);
    }

    private static string Grains(string folder) => Path.Combine(AppContext.BaseDirectory, folder, "EmergencyStop.Grains.dll");

    /// <summary>Literals stand in an assembly as UTF-16.</summary>
    private static bool Holds(string assembly, string literal) => File.ReadAllBytes(assembly).AsSpan().IndexOf(Encoding.Unicode.GetBytes(literal)) >= 0;

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
