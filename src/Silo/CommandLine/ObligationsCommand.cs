using System.CommandLine;
using System.Text.Json;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.CommandLine;

/// <summary><c>obligations</c>: what the stops of a running service still owe, by name.</summary>
internal static class ObligationsCommand
{
    private const int Retries = 2;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var access = new ServiceAccess();
        var stop = new Option<string?>("--stop") { Description = "Only what this stop owes." };
        var user = new Option<string?>("--user") { Description = "Only what is owed in this user's book." };
        var command = new Command("obligations", $"Every unmet debt of every stop, tried again until met or waived; with --json, one line each. {ExitCode.Explained}") { stop, user };
        access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => access.RunAsync(parsed, Retries, async client =>
        {
            var table = Screen.Table("stop", "target", "kind", "item", "outcome", "user", "since", "tries", "next try", "last answer");
            var json = parsed.GetValue(access.Json);
            await foreach (var debt in client.ObligationsAsync(parsed.GetValue(stop), parsed.GetValue(user), cancellationToken))
            {
                if (json)
                {
                    Console.WriteLine(JsonSerializer.Serialize(debt, EmergencyStopJson.Options));
                }

                Add(table, debt);
            }

            if (!json)
            {
                Screen.Create(wide: true).Write(table);
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Add(Spectre.Console.Table table, Obligation o) => table.With(
        o.StopId,
        o.Target,
        Wording.Word(o.Kind),
        o.Item,
        Wording.Word(o.Outcome),
        o.UserId,
        Wording.Time(o.Since),
        Wording.Number(o.Attempts),
        Wording.Time(o.NextTry),
        o.Phase is null ? o.Reason : $"{o.Phase}: {o.Reason}");
}
