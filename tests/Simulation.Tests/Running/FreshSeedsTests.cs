using System.Globalization;
using Xunit.Abstractions;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Many seeds, and bugs that must be found.</summary>
[Collection(nameof(SimulatorTests))]
public sealed class FreshSeedsTests(ITestOutputHelper output)
{
    /// <summary>So many histories together must meet every situation.</summary>
    private const ulong EnoughForAll = 20_000;

    /// <summary>How often as many again are run for a situation that was not met yet: the rarest come about once in ten thousand.</summary>
    private const int MostRounds = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task Seeds_BreakNoLawAndMeetEverySituation()
    {
        var count = Number("EMERGENCY_STOP_SEEDS") ?? EnoughForAll;
        var first = Number("EMERGENCY_STOP_FIRST_SEED") ?? (ulong)Random.Shared.NextInt64(1L << 48);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} seeds from {first} on; EMERGENCY_STOP_FIRST_SEED={first} runs them again"));
        using var ending = new CancellationTokenSource(Patience);
        IEnumerable<string>? missing = null;
        for (var round = 0UL; round < MostRounds && missing?.Any() != false; round++)
        {
            var result = await RunAsync(first + (round * count), count, ending.Token);
            missing = count < EnoughForAll ? [] : [.. CoverageTable.Missing(result).Where(m => missing?.Contains(m, StringComparer.Ordinal) != false)];
        }

        Assert.Empty(missing!); // there was a round
    }

    [Fact]
    public async Task PlantedBugs_AreFound()
    {
        var table = new StringWriter();
        var missed = await Search.FindAllAsync(
            Plant.All, Number("EMERGENCY_STOP_PLANTED_SEEDS") ?? Search.MostSeeds, KnownSeeds.All, table, CancellationToken.None);

        output.WriteLine(table.ToString());
        Assert.Empty(missed.Select(p => p.Name));
    }

    /// <summary>Only what is in the table is looked for where it says.</summary>
    [Fact]
    public void KnownSeeds_AreOfBugsThatThereAre() => Assert.Empty(KnownSeeds.All.Keys.Except(Plant.All.Select(p => p.Name)));

    private async Task<CampaignResult> RunAsync(ulong first, ulong count, CancellationToken ending)
    {
        var told = new StringWriter();
        var result = await new Campaign(new(first, count) { Covers = true }, told).RunAsync(ending);
        output.WriteLine(told.ToString());
        output.WriteLine(string.Join('\n', CoverageTable.Of(result)));
        output.WriteLine(result.ToString());
        Assert.Equal(count, result.Histories);
        Assert.Empty(result.Failures);
        return result;
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
