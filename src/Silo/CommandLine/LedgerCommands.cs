using System.CommandLine;
using System.Diagnostics;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Silo.Hosting;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>Checks and copies the ledger, whether or not the service runs.</summary>
internal static class LedgerCommands
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    /// <summary><c>ledger check|backup</c>.</summary>
    public static Command Create() => new("ledger", "The ledger, a file or a database.") { CheckCommand(), BackupCommand() };

    private static Command CheckCommand()
    {
        var command = new Command("check", "Checks the whole ledger, one line a check; exit code 1 when one fails.");
        command.SetAction((parsed, _) => WithLedgerAsync(parsed, (ledger, _) =>
        {
            var holds = true;
            foreach (var finding in ledger.Check())
            {
                holds &= finding.Holds;
                Console.WriteLine($"{(finding.Holds ? "ok    " : "FAILED")}  {finding.Check,-8} {finding.Finding}");
            }

            return Task.FromResult(holds ? 0 : 1);
        }));
        return command;
    }

    private static Command BackupCommand()
    {
        var file = new Argument<string>("file") { Description = "The backup; must not exist." };
        var command = new Command("backup", "Copies the ledger's file as of one moment into one file, and checks the copy.") { file };
        command.SetAction((parsed, cancellationToken) => WithLedgerAsync(parsed, async (ledger, path) =>
        {
            if (ledger.IsFile)
            {
                return await BackupAsync(path, parsed.GetRequiredValue(file), cancellationToken);
            }

            await Console.Error.WriteLineAsync("The ledger is a PostgreSQL database: back it up with pg_dump or pg_basebackup (docs/ledger.md).");
            return 2;
        }));
        return command;
    }

    private static async Task<int> BackupAsync(string ledger, string file, CancellationToken cancellationToken)
    {
        if (Path.Exists(file))
        {
            await Console.Error.WriteLineAsync($"{file} exists already: a backup overwrites nothing; name a new file.");
            return 2;
        }

        try
        {
            if (LedgerBackup.Write(ledger, file, Progress(), cancellationToken) is { } fault)
            {
                await Console.Error.WriteLineAsync($"No backup was made: the copy does not pass the check of its {fault.Check}: {fault.Finding}.");
                return 1;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The backup {file} cannot be put in its place: name a new file in a folder that can be written.");
            return 2;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("No backup was made: it was ended before its time.");
            return 1;
        }

        Console.WriteLine($"{file}: {new FileInfo(file).Length} bytes, passes every check.");
        return 0;
    }

    /// <summary>A line a second, for work that takes longer.</summary>
    private static Action<int, int> Progress()
    {
        var last = Stopwatch.GetTimestamp();
        return (done, all) =>
        {
            if (Stopwatch.GetElapsedTime(last) >= TellEvery)
            {
                last = Stopwatch.GetTimestamp();
                Console.Error.WriteLine($"{100L * done / Math.Max(1, all)} % of {all} pages copied");
            }
        };
    }

    private static Task<int> WithLedgerAsync(ParseResult parsed, Func<LedgerChoice, string, Task<int>> act) => SiloCommand.GuardAsync(async () =>
    {
        var settings = new SiloSettings(parsed.GetValue(SiloCommand.Data) ?? SiloSettings.DefaultDataFolder, null, null, false);
        var ledger = LedgerChoice.Of(settings);
        if (!ledger.IsFile || File.Exists(settings.LedgerFile))
        {
            return await act(ledger, settings.LedgerFile);
        }

        await Console.Error.WriteLineAsync($"There is no ledger at {settings.LedgerFile}: name its folder with --data.");
        return 2;
    });
}
