using System.Collections.Immutable;
using System.Globalization;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Seeds that once broke a law, from <c>regression-seeds.txt</c>.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Law">The law.</param>
/// <param name="Why">What was wrong.</param>
public sealed record RegressionSeed(ulong Seed, int Law, string Why)
{
    /// <summary>The name of the list, beside the program.</summary>
    public const string File = "regression-seeds.txt";

    /// <summary>All of them.</summary>
    public static ImmutableArray<RegressionSeed> All { get; } = Parse(System.IO.File.ReadLines(Path.Combine(AppContext.BaseDirectory, File)));

    /// <summary>Reads the list: a line is seed, law and why, parted by spaces; empty lines and those that begin with # say nothing.</summary>
    /// <exception cref="FormatException">A line is none of these.</exception>
    public static ImmutableArray<RegressionSeed> Parse(IEnumerable<string> lines) =>
        [.. lines.Where(l => !string.IsNullOrWhiteSpace(l) && l[0] != '#').Select(Parse)];

    private static RegressionSeed Parse(string line) =>
        line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries) is [var seed, var law, var why]
        && ulong.TryParse(seed, CultureInfo.InvariantCulture, out var number) && int.TryParse(law, CultureInfo.InvariantCulture, out var broken)
            ? new(number, broken, why)
            : throw new FormatException($"A line of {File} is seed, law and why; this one is not: {line}");
}
