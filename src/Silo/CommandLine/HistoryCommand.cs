using System.CommandLine;
using System.Text.Json;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.CommandLine;

/// <summary><c>history</c>: the stops of a running service, newest first.</summary>
internal static class HistoryCommand
{
    private const int Retries = 2;
    private const int UsualRows = 20;
    private const int MostRows = 100_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var access = new ServiceAccess();
        var user = new Option<string?>("--user") { Description = "Only the stops of this user's book." };
        var limit = new Option<int>("--limit") { Description = $"How many, 1 to {MostRows}.", DefaultValueFactory = _ => UsualRows };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MostRows)
            {
                result.AddError($"--limit must be from 1 to {MostRows}.");
            }
        });
        var command = new Command("history", $"Every stop, newest first; with --json, one line each. {ExitCode.Explained}") { user, limit };
        access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => access.RunAsync(parsed, Retries, async client =>
        {
            var table = Screen.Table("requested at", "stop", "target", "state", "cancelled", "paused", "closed", "reason", "by", "released at");
            var json = parsed.GetValue(access.Json);
            await foreach (var entry in client.HistoryAsync(parsed.GetValue(user), cancellationToken).Take(parsed.GetValue(limit)))
            {
                if (json)
                {
                    Console.WriteLine(JsonSerializer.Serialize(entry, EmergencyStopJson.Options));
                }

                Add(table, entry);
            }

            if (!json)
            {
                Screen.Create(wide: true).Write(table);
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Add(Spectre.Console.Table table, HistoryEntry e) => table.With(
        Wording.Time(e.RequestedAt),
        e.StopId,
        e.Target,
        Wording.Word(e.State),
        Wording.Number(e.OrdersCancelled),
        Wording.Number(e.StrategiesPaused),
        Wording.Number(e.PositionsClosed),
        $"{Wording.Code(e.Reason)} {e.Message}".TrimEnd(),
        e.RequestedBy,
        Wording.Time(e.ReleasedAt));
}
