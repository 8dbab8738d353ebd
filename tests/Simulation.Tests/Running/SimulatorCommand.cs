using System.CommandLine;

namespace EmergencyStop.Simulation.Tests.Running;

/// <summary>The command line of the simulator.</summary>
public static class SimulatorCommand
{
    /// <summary>Exit code: no law was broken.</summary>
    public const int Held = 0;

    /// <summary>Exit code: a law was broken, or a planted bug was not found.</summary>
    public const int Broken = 1;

    /// <summary>Exit code: the arguments make no sense.</summary>
    public const int Misused = 2;

    private const ulong DefaultSeeds = 1000;
    private const int MostWorkers = 1024;

    private static readonly Option<ulong?> One = new("--seed") { Description = "Run the one history of this seed." };
    private static readonly Option<ulong> Seeds = new("--seeds") { Description = $"How many histories to run; default {DefaultSeeds}.", DefaultValueFactory = _ => DefaultSeeds };
    private static readonly Option<ulong> From = new("--from") { Description = "The first seed; default 1.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Standard = new("--standard") { Description = "Every history has 10 users, 200 orders and 5 stops; otherwise sizes are drawn." };
    private static readonly Option<bool> Trace = new("--trace") { Description = "Tell each history whole, line by line, as it happens." };
    private static readonly Option<bool> All = new("--all") { Description = "Tell the shrunk history of a failure whole, however long it is." };
    private static readonly Option<bool> StopAtFirst = new("--stop-at-first") { Description = "End with the first failure." };
    private static readonly Option<int> Tell = new("--tell") { Description = "How many failures are shrunk and told; of the others one hears the seed and the law; default 5.", DefaultValueFactory = _ => 5 };
    private static readonly Option<string?> Planted = new("--planted")
    {
        Description = "Look for planted bugs, each within --seeds histories from 1 (default 2000): the table of all, or the trace of the one that is named.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Covers = new("--coverage") { Description = "Say in the end how many histories met which situation." };
    private static readonly Option<int> Workers = new("--workers") { Description = "How many worker processes; default one a processor.", DefaultValueFactory = _ => Environment.ProcessorCount };

    /// <summary>Runs what the arguments say.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [WorkerProcess.Word, .. var share])
        {
            return Worker.Serve(share);
        }

        var parsed = Create().Parse(arguments);
        var wrong = parsed.Errors.Count > 0 ? string.Join(Environment.NewLine, parsed.Errors.Select(e => e.Message))
            : WhyNot(parsed);
        if (wrong is null)
        {
            return await parsed.InvokeAsync();
        }

        await Console.Error.WriteLineAsync(wrong);
        await Console.Error.WriteLineAsync("--help says what there is.");
        return Misused;
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Runs histories of the grains, each decided by its seed, and says which break a law. Exit code 0: none; 1: some; 2: arguments that make no sense.")
        {
            One, Seeds, From, Standard, Trace, All, StopAtFirst, Tell, Covers, Planted, Workers,
        };
        root.SetAction(RunAsync);
        return root;
    }

    /// <summary>Why arguments that can be read make no sense together; <c>null</c> if they do.</summary>
    private static string? WhyNot(ParseResult parsed)
    {
        var (seeds, from) = (parsed.GetValue(Seeds), parsed.GetValue(From));
        return parsed switch
        {
            _ when parsed.GetValue(One) is not null && (IsGiven(parsed, Seeds) || IsGiven(parsed, From)) => "--seed is one history; --seeds and --from are many.",
            _ when parsed.GetValue(Planted) is { } name && Plant.All.All(p => p.Name != name) => $"No planted bug is called '{name}'. There are: {string.Join(", ", Plant.All.Select(p => $"'{p.Name}'"))}.",
            _ when seeds == 0 => "--seeds must be at least 1.",
            _ when from > ulong.MaxValue - seeds + 1 => $"There are no {seeds} seeds from {from} on: the last is {ulong.MaxValue}.",
            _ when parsed.GetValue(Workers) is < 1 or > MostWorkers => $"--workers must be between 1 and {MostWorkers}.",
            _ when parsed.GetValue(Tell) < 0 => "--tell must not be negative.",
            _ => null,
        };
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetResult(Planted) is not null)
        {
            return await SearchAsync(parsed.GetValue(Planted), IsGiven(parsed, Seeds) ? parsed.GetValue(Seeds) : Search.MostSeeds, cancellationToken);
        }

        var one = parsed.GetValue(One);
        var job = new Job(one ?? parsed.GetValue(From), one is null ? parsed.GetValue(Seeds) : 1)
        {
            IsStandard = parsed.GetValue(Standard),
            Traces = parsed.GetValue(Trace),
            TellsAll = parsed.GetValue(All),
            Told = parsed.GetValue(Tell),
            Covers = parsed.GetValue(Covers),
        };
        var campaign = new Campaign(job, Console.Out)
        {
            Workers = (int)Math.Min((ulong)parsed.GetValue(Workers), job.Count),
            StopsAt = parsed.GetValue(StopAtFirst) ? static _ => true : null,
        };
        var result = await Progress.RunAsync(campaign, job.Count, cancellationToken);
        foreach (var line in job.Covers ? CoverageTable.Of(result) : [])
        {
            await Console.Out.WriteLineAsync(line);
        }

        await Console.Out.WriteLineAsync(result.ToString());
        return result.Failures.Count == 0 ? Held : Broken;
    }

    private static async Task<int> SearchAsync(string? name, ulong seeds, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            var missed = await Search.FindAllAsync(Plant.All, seeds, KnownSeeds.None, Console.Out, cancellationToken);
            await Console.Out.WriteLineAsync($"{Plant.All.Length - missed.Count} of {Plant.All.Length} planted bugs were found");
            return missed.Count == 0 ? Held : Broken;
        }

        var found = await Search.FindAsync(Plant.All.Single(p => p.Name == name), seeds, Console.Out, cancellationToken);
        await Console.Out.WriteLineAsync(found is null ? $"{name} was not found within {seeds} seeds" : $"{name} was found with seed {found.Seed}");
        return found is null ? Broken : Held;
    }
}
