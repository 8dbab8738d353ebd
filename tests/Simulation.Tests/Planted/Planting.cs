using System.Text;

namespace EmergencyStop.Simulation.Tests.Planted;

/// <summary>Puts planted bugs into copies of the sources. Pure but for <see cref="Write"/>.</summary>
public static class Planting
{
    /// <summary>The environment variable that switches one planted bug on.</summary>
    public const string Switch = "EMERGENCY_STOP_PLANTED";

    private const string Asks = $$"""
        namespace EmergencyStop.Grains;

        /// <summary>Which planted bug is switched on, if any.</summary>
        internal static class Planted
        {
            private static readonly string? On = System.Environment.GetEnvironmentVariable("{{Switch}}");

            public static bool Is(string name) => string.Equals(On, name, System.StringComparison.Ordinal);
        }

        """;

    /// <summary>The sources with every bug in them, by their path relative to <c>src/Grains</c>.</summary>
    /// <param name="sources">The sources as they are.</param>
    /// <param name="bugs">What to plant.</param>
    /// <exception cref="InvalidOperationException">A bug does not apply; the message names it.</exception>
    public static SortedDictionary<string, string> Plant(IReadOnlyDictionary<string, string> sources, IReadOnlyCollection<PlantedBug> bugs)
    {
        var planted = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Planted.cs"] = Asks };
        var edits = bugs.SelectMany(b => b.Edits.Select(e => Place(sources, b, e))).ToLookup(p => p.Edit.File, StringComparer.Ordinal);
        foreach (var (file, text) in sources)
        {
            planted.Add(file, Apply(text, [.. edits[file].OrderBy(p => p.At)]));
        }

        return planted;
    }

    /// <summary>Writes what has changed, and deletes what is gone, so that a build compiles only when it must.</summary>
    public static void Write(string folder, SortedDictionary<string, string> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var stale in Read(folder).Keys.Where(f => !files.ContainsKey(f)))
        {
            File.Delete(Path.Combine(folder, stale));
        }

        foreach (var (file, text) in files)
        {
            var path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder);
            if (!File.Exists(path) || !string.Equals(File.ReadAllText(path), text, StringComparison.Ordinal))
            {
                File.WriteAllText(path, text);
            }
        }
    }

    /// <summary>Every C# file below a folder, by its path with forward slashes.</summary>
    public static Dictionary<string, string> Read(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .ToDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), f => File.ReadAllText(f).ReplaceLineEndings("\n"), StringComparer.Ordinal);

    private static Placed Place(IReadOnlyDictionary<string, string> sources, PlantedBug bug, PlantedEdit edit)
    {
        if (!sources.TryGetValue(edit.File, out var text))
        {
            throw new InvalidOperationException($"The planted bug {bug.Name} does not apply: there is no file {edit.File} in src/Grains.");
        }

        if (!edit.New.Contains($"Planted.Is(\"{bug.Name}\")", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The planted bug {bug.Name} would not be asleep: its text for {edit.File} does not ask Planted.Is(\"{bug.Name}\").");
        }

        var old = edit.Old.ReplaceLineEndings("\n");
        var at = text.IndexOf(old, StringComparison.Ordinal);
        var again = at < 0 ? -1 : text.IndexOf(old, at + 1, StringComparison.Ordinal);
        return at >= 0 && again < 0
            ? new(bug, edit, at, old.Length)
            : throw new InvalidOperationException(
                $"The planted bug {bug.Name} does not apply: its old text occurs {(at < 0 ? "nowhere" : "more than once")} in {edit.File}. Look what became of: {old}");
    }

    private static string Apply(string text, IReadOnlyList<Placed> edits)
    {
        var result = new StringBuilder();
        var from = 0;
        Placed? before = null;
        foreach (var placed in edits)
        {
            if (placed.At < from)
            {
                throw new InvalidOperationException($"The planted bugs {before?.Bug.Name} and {placed.Bug.Name} change the same text of {placed.Edit.File}.");
            }

            result.Append(text, from, placed.At - from).Append(placed.Edit.New);
            from = placed.At + placed.Length;
            before = placed;
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    private sealed record Placed(PlantedBug Bug, PlantedEdit Edit, int At, int Length);
}
