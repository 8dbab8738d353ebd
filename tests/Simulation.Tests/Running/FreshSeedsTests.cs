using System.Globalization;
using Xunit.Abstractions;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Seeds that nobody has run before, and bugs that must be found.</summary>
[Collection(nameof(SimulatorTests))]
public sealed class FreshSeedsTests(ITestOutputHelper output)
{
    /// <summary>So many histories together must meet every situation.</summary>
    private const ulong EnoughForAll = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    [SkippableFact]
    public async Task FreshSeeds_BreakNoLawAndMeetEverySituation()
    {
        var count = Number("EMERGENCY_STOP_SEEDS") ?? 0;
        Skip.If(count == 0, "EMERGENCY_STOP_SEEDS says how many histories to run.");
        var first = Number("EMERGENCY_STOP_FIRST_SEED") ?? (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} seeds from {first} on; EMERGENCY_STOP_FIRST_SEED={first} runs them again"));
        var told = new StringWriter();
        using var ending = new CancellationTokenSource(Patience);

        var result = await new Campaign(new(first, count) { Covers = true }, told).RunAsync(ending.Token);

        output.WriteLine(told.ToString());
        output.WriteLine(string.Join('\n', CoverageTable.Of(result)));
        output.WriteLine(result.ToString());
        Assert.Equal(count, result.Histories);
        Assert.Empty(result.Failures);
        Assert.Empty(count < EnoughForAll ? [] : CoverageTable.Missing(result));
    }

    [SkippableFact]
    public async Task PlantedBugs_AreAllFound()
    {
        var seeds = Number("EMERGENCY_STOP_PLANTED_SEEDS") ?? 0;
        Skip.If(seeds == 0, "EMERGENCY_STOP_PLANTED_SEEDS says within how many seeds each planted bug must be found.");
        var table = new StringWriter();

        var missed = await Search.FindAllAsync(Plant.All, seeds, table, CancellationToken.None);

        output.WriteLine(table.ToString());
        Assert.Empty(missed.Select(p => p.Name));
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
