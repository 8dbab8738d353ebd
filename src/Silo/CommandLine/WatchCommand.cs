using System.CommandLine;
using System.Text.Json;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.CommandLine;

/// <summary><c>watch</c>: follows a stop until its flow has been through.</summary>
internal static class WatchCommand
{
    private const int Retries = 6;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var access = new ServiceAccess();
        var id = new Argument<string>("stop-id") { Description = "The stop." };
        var command = new Command("watch", $"Follows a stop until its flow has been through; with --json, one line for each change. {ExitCode.Explained}") { id };
        access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => access.RunAsync(parsed, Retries, async client =>
        {
            var json = parsed.GetValue(access.Json);
            var view = StopView.For(json);
            StopResult? last = null;
            try
            {
                await view.WatchAsync(
                    client,
                    parsed.GetRequiredValue(id),
                    progress =>
                    {
                        last = progress.Result;
                        if (json)
                        {
                            Console.WriteLine(JsonSerializer.Serialize(progress, EmergencyStopJson.Options));
                        }
                    },
                    cancellationToken);
            }
            catch (OperationCanceledException) when (last is not null)
            {
                // Whoever watched has seen enough; the stop goes on.
            }

            if (last is null)
            {
                return ExitCode.Other;
            }

            if (!json)
            {
                view.Show(last);
            }

            return ExitCode.Of(last.State);
        }));
        return command;
    }
}
