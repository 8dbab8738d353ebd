using System.CommandLine;
using System.Text.Json;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.CommandLine;

/// <summary><c>release</c>: lifts one stop at a running service.</summary>
internal static class ReleaseCommand
{
    private const int Retries = 3;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var access = new ServiceAccess();
        var id = new Argument<string>("stop-id") { Description = "The stop." };
        var reason = new Option<string>("--reason") { Description = "Why, in words.", Required = true };
        var resume = new Option<bool>("--resume-strategies") { Description = "Resume the strategies that this stop paused; a risk officer only." };
        var despite = new Option<bool>("--despite-outstanding") { Description = "Open what owes nothing although something is owed; whoever owes stays stopped and is chased. A risk officer only." };
        var command = new Command("release", $"Lifts one stop; strategies stay paused until each is resumed. {ExitCode.Explained}") { id, reason, resume, despite };
        access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => access.RunAsync(parsed, Retries, async client =>
        {
            var released = await client.ReleaseAsync(
                parsed.GetRequiredValue(id), parsed.GetRequiredValue(reason), parsed.GetValue(resume), parsed.GetValue(despite), cancellationToken: cancellationToken);
            if (parsed.GetValue(access.Json))
            {
                Console.WriteLine(JsonSerializer.Serialize(released, EmergencyStopJson.Options));
                return released.ReleasedAt is null ? ExitCode.Outstanding : ExitCode.Ok;
            }

            Show(released);
            return released.ReleasedAt is null ? ExitCode.Outstanding : ExitCode.Ok;
        }));
        return command;
    }

    private static void Show(ReleaseResult released)
    {
        if (released.ReleasedAt is null)
        {
            var holds = released.LatchedTargets.Count == 0 ? "nothing" : string.Join(", ", released.LatchedTargets);
            Console.WriteLine($"{released.StopId} is released in part: of {released.Target} it still holds {holds}, and {released.Outstanding.Count} obligations are tried again until met.");
            return;
        }

        Console.WriteLine($"{released.StopId} released at {Wording.Time(released.ReleasedAt)} by {Wording.Line(released.ReleasedBy)}: {Wording.Line(released.Reason)}");
        Console.WriteLine(released.GateOpen
            ? $"The gate of {released.Target} is open."
            : $"The gate of {released.Target} stays closed; held by {string.Join(", ", released.StillHeld.Select(l => $"{l.StopId} ({l.Target})"))}.");
        if (released.StillPaused.Count > 0)
        {
            Console.WriteLine($"Still paused until each is resumed: {string.Join(", ", released.StillPaused)}.");
        }
    }
}
