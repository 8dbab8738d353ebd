using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EmergencyStop.Client;
using Spectre.Console;

namespace EmergencyStop.Silo.CommandLine;

/// <summary><c>status</c>: how a running service is.</summary>
internal static class StatusCommand
{
    private const int Retries = 2;
    private const int MostNamed = 10;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var access = new ServiceAccess();
        var command = new Command("status", $"How the service is, and how its stops have gone. {ExitCode.Explained}");
        access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => access.RunAsync(parsed, Retries, async client =>
        {
            var status = await client.StatusAsync(cancellationToken);
            if (parsed.GetValue(access.Json))
            {
                Console.WriteLine(JsonSerializer.Serialize(status, EmergencyStopJson.Options));
            }
            else
            {
                Show(status);
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Show(ServiceStatus s)
    {
        var console = Screen.Create();
        console.Write(Screen.Table("system", "latches held", "stops", "working", "outstanding", "completed", "host").With(
            Wording.Word(s.SystemStatus),
            Wording.Number(s.ActiveStops),
            Wording.Number(s.TotalEmergencyStops),
            Wording.Number(s.Working),
            Wording.Number(s.Outstanding),
            s.SuccessRate.ToString("0.## '%'", CultureInfo.InvariantCulture),
            s.Host));
        var parts = Screen.Table("part", "state", "since", "trouble")
            .With($"ledger ({s.Ledger.Kind})", s.Ledger.Writable ? "writable" : "not writable", "-", s.Ledger.Why);
        if (s.Unrecorded.Count > 0)
        {
            console.WriteLine($"*** NOT RECORDED: {s.Unrecorded.Count} stops wait for the ledger, and nothing is admitted until they are in it: {Wording.Line(string.Join(", ", s.Unrecorded.Take(MostNamed)))} ***");
        }

        console.Write(s.Venues.Aggregate(parts, (table, v) => table.With($"venue {v.Name}", v.State, Wording.Time(v.Since), v.LastError)));
    }
}
