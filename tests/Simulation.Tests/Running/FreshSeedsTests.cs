using System.ComponentModel;
using System.Diagnostics;
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

    [Fact]
    public async Task FreshSeeds_BreakNoLawAndMeetEverySituation()
    {
        var count = Number("EMERGENCY_STOP_SEEDS") ?? EnoughForAll;
        var first = Number("EMERGENCY_STOP_FIRST_SEED") ?? await SeedOfTheCommitAsync();
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
        Assert.Empty(Plant.NotFoundYet.Except(Plant.All.Select(p => p.Name)));

        var missed = await Search.FindAllAsync(
            [.. Plant.All.Where(p => !Plant.NotFoundYet.Contains(p.Name))], Number("EMERGENCY_STOP_PLANTED_SEEDS") ?? Search.MostSeeds, table, CancellationToken.None);

        output.WriteLine(table.ToString());
        Assert.Empty(missed.Select(p => p.Name));
    }

    /// <summary>Each commit has seeds of its own, the same wherever it is tested; without git, the clock decides.</summary>
    private static async Task<ulong> SeedOfTheCommitAsync()
    {
        const int hexDigits = 12;
        var git = new ProcessStartInfo("git", "rev-parse HEAD") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = AppContext.BaseDirectory };
        try
        {
            using var process = Process.Start(git)!; // it does not use the shell
            var head = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return ulong.Parse(head.AsSpan(0, hexDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is Win32Exception or ArgumentOutOfRangeException or FormatException)
        {
            return (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        }
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
