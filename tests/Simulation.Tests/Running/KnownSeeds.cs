using System.Collections.Immutable;
using System.Globalization;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Seeds that have shown the planted bugs, from <c>planted-seeds.txt</c>: where the tests look before they search.</summary>
/// <remarks>
/// The file is the table that <c>--planted</c> prints, which searches from 1 on. A seed that shows its bug no more, after a change of
/// the simulator, costs a whole search and nothing else; then the table is printed anew into the file.
/// </remarks>
public static class KnownSeeds
{
    /// <summary>The name of the table, beside the program.</summary>
    public const string File = "planted-seeds.txt";

    private const string Law = " law ";

    /// <summary>None, for a search from 1 on.</summary>
    public static ImmutableDictionary<string, ulong> None { get; } = ImmutableDictionary<string, ulong>.Empty;

    /// <summary>All of them, by the bug's name.</summary>
    public static ImmutableDictionary<string, ulong> All { get; } = Parse(System.IO.File.ReadLines(Path.Combine(AppContext.BaseDirectory, File)));

    /// <summary>Reads the table: a line is the bug's name, its law, what it was found by, and its seed. Other lines say nothing.</summary>
    public static ImmutableDictionary<string, ulong> Parse(IEnumerable<string> lines) => (
        from line in lines
        let law = line.IndexOf(Law, StringComparison.Ordinal)
        where law > 0 && !line.Contains("not found", StringComparison.Ordinal)
        select (Name: line[..law].TrimEnd(), Seed: ulong.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)))
        .ToImmutableDictionary(k => k.Name, k => k.Seed, StringComparer.Ordinal);
}
