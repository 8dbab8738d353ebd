using System.Diagnostics;
using Xunit.Abstractions;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>Runs histories in workers, as the program does.</summary>
[Collection(nameof(SimulatorTests))]
public sealed class SimulatorTests(ITestOutputHelper output)
{
    private const ulong TraceSeeds = 6;
    private const ulong AsleepSeeds = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly ParallelOptions SideBySide = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    [Fact]
    public async Task RegressionSeeds_BreakNoLaw()
    {
        await Parallel.ForEachAsync(
            RegressionSeed.All, SideBySide, async (known, _) => Assert.Empty(await FailuresAsync(new(known.Seed, 1))));
    }

    [Fact]
    public void RegressionSeed_ThatCannotBeRead_IsNamed() =>
        Assert.Contains("12 law", Assert.Throws<FormatException>(() => RegressionSeed.Parse(["# a word", "1 2 why it was", "12 law"])).Message, StringComparison.Ordinal);

    /// <summary>Alone in its process and after others, a seed has the same history, to the last byte.</summary>
    [Theory]
    [InlineData(1UL, false)]
    [InlineData(1_000_003UL, false)]
    [InlineData(18_446_744_073_709_551_000UL, false)]
    [InlineData(93UL, true)] // Several stops at once: these and 1204 once followed the order of a hash table.
    [InlineData(1_204UL, true)]
    public async Task Trace_OfASeed_IsTheSameInEveryProcess(ulong from, bool standard)
    {
        var job = new Job(from, TraceSeeds) { IsStandard = standard };
        var together = await TraceAsync(job, planted: null);
        var alone = new string[TraceSeeds];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, alone.Length), SideBySide, async (which, _) => alone[which] = await TraceAsync(job with { From = from + (ulong)which, Count = 1 }, planted: null));

        Assert.NotEmpty(together);
        Assert.Equal(string.Concat(alone), together);
    }

    [Fact]
    public async Task PlantedCopy_WithNothingSwitchedOn_HasTheSameHistories()
    {
        var job = new Job(1, AsleepSeeds);

        Assert.Equal(await TraceAsync(job, planted: null), await TraceAsync(job, planted: string.Empty));
    }

    [Fact]
    public async Task PlantedBug_IsFoundAndTold_WithSeedLawAndShrunkTrace()
    {
        var told = new StringWriter();
        var plant = Plant.All.Single(p => p.Name == "timeout-booked-as-cancelled");

        var found = await Search.FindAsync(plant, Search.MostSeeds, told, CancellationToken.None);

        Assert.NotNull(found);
        Assert.Equal(plant.Law, found.Law);
        Assert.Contains($"seed {found.Seed} breaks law 4 (no guessing)", told.ToString(), StringComparison.Ordinal);
        Assert.Contains("shrunk in", told.ToString(), StringComparison.Ordinal);
        Assert.Contains("LAW            law 4", told.ToString(), StringComparison.Ordinal);
        Assert.Contains($"--planted \"{plant.Name}\"", told.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seeds must be at least 1.", "--seeds", "0")]
    [InlineData("--seed is one history", "--seed", "1", "--seeds", "2")]
    [InlineData("There are no 2 seeds from 18446744073709551615 on", "--seeds", "2", "--from", "18446744073709551615")]
    [InlineData("Cannot parse argument '-3'", "--from", "-3")]
    [InlineData("No planted bug is called 'nobody'", "--planted", "nobody")]
    [InlineData("--workers must be between 1 and 1024.", "--workers", "0")]
    [InlineData("--tell must not be negative.", "--tell", "-1")]
    [InlineData("--nonsense", "--nonsense")]
    public async Task Arguments_ThatMakeNoSense_AreNamedAndGiveExitCode2(string why, params string[] arguments)
    {
        var (code, text) = await RunAsync(arguments);

        Assert.Equal(SimulatorCommand.Misused, code);
        Assert.Contains(why, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_SaysHowManyHistoriesItRan()
    {
        var (code, text) = await RunAsync("--seeds", "4", "--tell", "0", "--coverage");

        Assert.InRange(code, SimulatorCommand.Held, SimulatorCommand.Broken);
        Assert.Contains("4 histories", text, StringComparison.Ordinal);
        Assert.Contains(Situations.InFlightAtEngage, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1UL, 2)]
    [InlineData(7UL, 2)]
    [InlineData(10UL, 3)]
    public void Shares_AreEverySeedOnce(ulong seeds, int workers)
    {
        var job = new Job(5, seeds);
        var all = Enumerable.Range(0, workers).Select(w => job.Share(w, workers, 0)).OfType<Job>()
            .SelectMany(s => Enumerable.Range(0, (int)s.Count).Select(i => s.From + ((ulong)i * s.Step)));

        Assert.Equal(Enumerable.Range(5, (int)seeds).Select(i => (ulong)i), all.Order());
        Assert.Null(job.Share(0, workers, seeds));
        Assert.Equal(job with { Covers = true }, Job.Parse((job with { Covers = true }).Arguments().AsSpan()));
    }

    private async Task<IReadOnlyList<Failure>> FailuresAsync(Job job)
    {
        var told = new StringWriter();
        using var ending = new CancellationTokenSource(Patience);
        var result = await new Campaign(job, told) { Workers = 1 }.RunAsync(ending.Token);
        output.WriteLine(told.ToString());
        return result.Failures;
    }

    private static async Task<string> TraceAsync(Job job, string? planted)
    {
        var told = new StringWriter();
        using var ending = new CancellationTokenSource(Patience);
        var result = await new Campaign(job with { Traces = true }, told) { Workers = 1, Planted = planted, Tells = false }.RunAsync(ending.Token);
        Assert.Equal(job.Count, result.Histories);
        return told.ToString();
    }

    private static async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(WorkerProcess.Host(), ["exec", typeof(WorkerProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var program = Process.Start(start)!; // it is the dotnet that runs this test
        var (told, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(Patience);
        return (program.ExitCode, await told + await errors);
    }
}
