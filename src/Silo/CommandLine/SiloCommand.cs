using System.CommandLine;
using System.CommandLine.Parsing;
using EmergencyStop.Ledger;
using EmergencyStop.Silo.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>The command line: without a command it runs the service.</summary>
public static class SiloCommand
{
    private const int DiskFull = 13; // SQLITE_FULL

    /// <summary>The data folder, for every command.</summary>
    internal static Option<string> Data { get; } = new("--data")
    {
        Description = "Folder of the ledger; made if it is missing.",
        DefaultValueFactory = _ => SiloSettings.DefaultDataFolder,
        Recursive = true,
    };

    /// <summary>Everything that can be asked for.</summary>
    public static RootCommand Create()
    {
        var urls = new Option<string?>("--urls") { Description = $"Where to listen; default {SiloSettings.DefaultUrls}." };
        var venue = new Option<Uri?>("--venue-url")
        {
            Description = "Base URL of a venue that speaks Alpaca's trading API v2; default: a simulated venue in this process.",
            CustomParser = HttpUrl,
        };
        var demo = new Option<bool>("--demo") { Description = "Start with demo users, throw-away keys and a stream of orders on the simulated venue." };
        var wait = new Option<bool>("--wait-for-ledger") { Description = "While the ledger cannot be opened, serve stops and nothing else; without it such a start is refused." };
        var insecure = new Option<bool>("--allow-insecure-http") { Description = "Serve plain HTTP on addresses that other machines reach; only behind a proxy that speaks TLS." };
        var role = new Option<ServiceRole?>("--role") { Description = "In a cluster: silo, which hosts grains, or gateway, which serves the API; default: service, which does both." };
        var root = new RootCommand("Emergency Stop: stops automated trading, and proves it.") { Data, urls, venue, demo, wait, insecure, role };
        root.Subcommands.Add(KeysCommands.Create());
        root.Subcommands.Add(AccountsCommands.Create());
        root.Subcommands.Add(AuditCommands.Create());
        root.Subcommands.Add(StopCommand.Create());
        root.Subcommands.Add(ReleaseCommand.Create());
        root.Subcommands.Add(ObligationsCommand.Create());
        foreach (var command in DegreeCommands.Create())
        {
            root.Subcommands.Add(command);
        }

        root.Subcommands.Add(StatusCommand.Create());
        root.Subcommands.Add(WatchCommand.Create());
        root.Subcommands.Add(HistoryCommand.Create());
        root.Subcommands.Add(LedgerCommands.Create());
        root.SetAction((parsed, cancellationToken) => GuardAsync(() => SiloHost.RunAsync(
            new(parsed.GetValue(Data) ?? SiloSettings.DefaultDataFolder, parsed.GetValue(urls), parsed.GetValue(venue), parsed.GetValue(demo), parsed.GetValue(wait), parsed.GetValue(insecure), parsed.GetValue(role)),
            cancellationToken)));
        return root;
    }

    /// <summary>Reads an option that is a URL.</summary>
    internal static Uri? HttpUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens.SingleOrDefault()?.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be an absolute http or https URL.");
        return null;
    }

    /// <summary>A ledger that cannot be used is one sentence and exit code 2, not a stack trace.</summary>
    internal static async Task<int> GuardAsync(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (StartRefusedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (LedgerUnavailableException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, e.Failures));
            return 2;
        }
        catch (SqliteException e)
        {
            // The ledger speaks for itself, so this is the other file: the grains' state, which may be lost.
            await Console.Error.WriteLineAsync(e.SqliteErrorCode == DiskFull
                ? "The disk of the data folder is full: make room on it."
                : $"{SiloSettings.GrainStateName} in the data folder cannot be used: move it away; it is made again from the ledger.");
            return 2;
        }
    }
}
