using System.Diagnostics;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Silo.Tests;

namespace EmergencyStop.Soak.Ledger;

/// <summary>kill -9 of a process at random points of its work on one ledger; after each, what was answered must be there.</summary>
internal static class LedgerSoak
{
    private const int LongestLifeMs = 400;
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    /// <summary>Kills as often as asked, and as long as asked.</summary>
    /// <param name="run">Seed, times and time.</param>
    /// <param name="tell">Takes progress, a line each.</param>
    public static async Task<SoakFigures> RunAsync(SoakRun run, Action<string> tell)
    {
        var random = new Random(run.Seed);
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "ledger.db");
        var witness = new LedgerWitness(path);
        var round = 0;
        for (; run.GoesOn(round); round++)
        {
            var lines = await LiveAndDieAsync(path, run.Seed, round, random.Next(LongestLifeMs));
            witness.Hear(round, lines);
            witness.Check();
            if (round % 20 == 19)
            {
                tell($"ledger: {round + 1} kills, {witness.Answers} answers kept");
            }
        }

        var bad = round == 0 ? [] : LedgerCheck.Run(path).Where(f => !f.Holds).Select(f => $"ledger check: {f.Check}: {f.Finding}");
        foreach (var finding in bad)
        {
            throw new BrokenLawException(finding);
        }

        return new(round, witness.Answers);
    }

    /// <summary>Starts the worker, lets it live, kills it, and gives back what it said.</summary>
    private static async Task<IReadOnlyList<string>> LiveAndDieAsync(string path, int seed, int round, int lifeMs)
    {
        var program = Path.Combine(AppContext.BaseDirectory, $"{typeof(LedgerSoak).Assembly.GetName().Name}.dll");
        var info = new ProcessStartInfo("dotnet", ["exec", program, "ledger-worker", "--path", path, "--seed", $"{seed}", "--round", $"{round}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(info) ?? throw new InvalidOperationException("The worker did not start.");
        var error = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        var first = await process.StandardOutput.ReadLineAsync().WaitAsync(StartBound);
        if (first != "ready")
        {
            throw new InvalidOperationException($"The worker of round {round} did not begin: {first} {await error}");
        }

        var reading = ReadAsync(process.StandardOutput, lines);
        await Task.Delay(lifeMs);
        if (process.HasExited)
        {
            throw new BrokenLawException($"round {round}: the worker ended by itself: {await error}");
        }

        process.Kill();
        await process.WaitForExitAsync();
        await reading;
        return lines;
    }

    private static async Task ReadAsync(StreamReader output, List<string> lines)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }
    }
}
