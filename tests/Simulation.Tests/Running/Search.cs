using System.Globalization;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Looks for planted bugs: which seed shows each.</summary>
public static class Search
{
    /// <summary>Within so many seeds each must be found.</summary>
    public const ulong MostSeeds = 2000;

    private const int MostOthers = 3;

    /// <summary>Looks for one bug.</summary>
    /// <param name="plant">The bug.</param>
    /// <param name="seeds">Within how many seeds, from 1.</param>
    /// <param name="output">Where its failure is told; <c>null</c> for nowhere.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The first failure that breaks the bug's law, otherwise the first of another law, that is not one without the bug too; <c>null</c> if there is none.</returns>
    public static async Task<Failure?> FindAsync(Plant plant, ulong seeds, TextWriter? output, CancellationToken cancellationToken)
    {
        Failure? other = null;
        for (var from = 1UL; from <= seeds && !cancellationToken.IsCancellationRequested;)
        {
            var job = new Job(from, seeds - from + 1) { Bugs = plant.Bugs, Told = 0 };
            var failures = await FailuresAsync(job, plant.InGrains, f => f.Law == plant.Law, cancellationToken);
            other ??= await FirstAsync(plant, failures.Where(f => f.Law != plant.Law).Take(MostOthers), cancellationToken);
            if (failures is not [.., var last] || last.Law != plant.Law)
            {
                break;
            }

            if (await FirstAsync(plant, [last], cancellationToken) is { } found)
            {
                await TellAsync(plant, found, output, cancellationToken);
                return found;
            }

            from = last.Seed + 1;
        }

        await TellAsync(plant, other, output, cancellationToken);
        return other;
    }

    /// <summary>Looks for several, some at a time.</summary>
    /// <param name="plants">The bugs.</param>
    /// <param name="seeds">Within how many seeds each.</param>
    /// <param name="known">Seeds to look at first, by the bug's name.</param>
    /// <param name="output">Where the table is written, a line as soon as its bug was found or not.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Those that were not found.</returns>
    public static async Task<IReadOnlyList<Plant>> FindAllAsync(
        IReadOnlyCollection<Plant> plants, ulong seeds, IReadOnlyDictionary<string, ulong> known, TextWriter output, CancellationToken cancellationToken)
    {
        var missed = new List<Plant>();
        var (broken, brokenPlanted) = (await BrokenAsync(null), await BrokenAsync(string.Empty));
        await output.WriteLineAsync($"{"bug",-42} {"breaks",-8} {"found by",-10} seeds");
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(plants, options, async (plant, token) =>
        {
            var found = await FindKnownAsync(plant) ?? await FindAsync(plant, seeds, null, token);
            lock (missed)
            {
                output.WriteLine(Line(plant, found, seeds));
                if (found is null)
                {
                    missed.Add(plant);
                }
            }
        });
        return missed;

        // Those that break a law without any bug, up to the last seed that is known: asked of all at once, not of each in a process of its own.
        async Task<HashSet<ulong>> BrokenAsync(string? planted)
        {
            var most = plants.Where(p => p.InGrains is null == planted is null).Max(p => (ulong?)Known(p)) ?? 0;
            var job = new Job(1, most) { Told = 0 };
            return most == 0 ? [] : [.. (await new Campaign(job, TextWriter.Null) { Planted = planted, Tells = false }.RunAsync(cancellationToken)).Failures.Select(f => f.Seed)];
        }

        async Task<Failure?> FindKnownAsync(Plant plant) =>
            Known(plant) is var seed and > 0 && !(plant.InGrains is null ? broken : brokenPlanted).Contains(seed)
                ? (await FailuresAsync(new(seed, 1) { Bugs = plant.Bugs, Told = 0 }, plant.InGrains, null, cancellationToken)).SingleOrDefault()
                : null;

        ulong Known(Plant plant) => known.TryGetValue(plant.Name, out var seed) && seed <= seeds ? seed : 0;
    }

    private static string Line(Plant plant, Failure? found, ulong seeds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{plant.Name,-42} law {plant.Law,-4} {(found is null ? "not found" : found.Law >= 0 ? $"law {found.Law}" : Verdict.NameOf(found.Law)),-10} {found?.Seed ?? seeds,5}");

    /// <summary>The first whose seed breaks no law without the bug.</summary>
    private static async Task<Failure?> FirstAsync(Plant plant, IEnumerable<Failure> failures, CancellationToken cancellationToken)
    {
        foreach (var failure in failures)
        {
            if (await FailuresAsync(new(failure.Seed, 1) { Told = 0 }, plant.InGrains is null ? null : string.Empty, null, cancellationToken) is [])
            {
                return failure;
            }
        }

        return null;
    }

    private static async Task<IReadOnlyList<Failure>> FailuresAsync(Job job, string? planted, Func<Failure, bool>? stopsAt, CancellationToken cancellationToken) =>
        (await new Campaign(job, TextWriter.Null) { Workers = 1, Planted = planted, StopsAt = stopsAt, Tells = false }.RunAsync(cancellationToken)).Failures;

    private static async Task TellAsync(Plant plant, Failure? found, TextWriter? output, CancellationToken cancellationToken)
    {
        if (found is not null && output is not null)
        {
            await new Campaign(new(found.Seed, 1) { Bugs = plant.Bugs }, output) { Workers = 1, Planted = plant.InGrains, Bug = plant.Name }.RunAsync(cancellationToken);
        }
    }
}
