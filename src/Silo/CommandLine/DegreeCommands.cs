using System.CommandLine;
using System.Text.Json;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.CommandLine;

/// <summary><c>waive</c>, <c>except</c> and <c>escalate</c>: what lies between stopped and released, at a running service.</summary>
internal static class DegreeCommands
{
    private const int Retries = 3;
    private static readonly ObligationKind[] Kinds = [.. Enum.GetValues<ObligationKind>().Where(k => k != ObligationKind.Unrecognized)];

    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Create() => [Waive(), Except(), Escalate()];

    private static Command Waive()
    {
        var (access, id, reason) = (new ServiceAccess(), Stop(), Reason());
        var kind = new Argument<string>("kind") { Description = string.Join(", ", Kinds.Select(Wording.Word)) };
        kind.AcceptOnlyFromAmong([.. Kinds.Select(Wording.Word)]);
        var item = new Argument<string>("item") { Description = "Which, as obligations names it." };
        var command = new Command("waive", $"Gives one debt of a stop up, by name; a risk officer only. {ExitCode.Explained}") { id, kind, item, reason };
        access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => access.RunAsync(parsed, Retries, async client =>
        {
            var word = Kinds.Single(k => Wording.Word(k) == parsed.GetRequiredValue(kind));
            var waived = await client.WaiveAsync(
                parsed.GetRequiredValue(id), word, parsed.GetRequiredValue(item), parsed.GetRequiredValue(reason), cancellationToken: cancellationToken);
            Show(parsed.GetValue(access.Json), waived, $"{Wording.Word(waived.Kind)} {Wording.Line(waived.Item)} of {waived.StopId} is {Wording.Line(waived.Reason)}. The stop is {Wording.Word(waived.State)}.");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Except()
    {
        var (access, id, reason) = (new ServiceAccess(), Stop(), Reason());
        var part = new Argument<string>("part") { Description = "USER:id, STRATEGY:id, SYMBOL:symbol or USER:id/SYMBOL:symbol inside the stop's target." };
        var remove = new Option<bool>("--remove") { Description = "Put the part back: its gate is closed at once, and the stop works anew." };
        var command = new Command("except", $"Lets a part of a stopped target trade, or puts it back; a risk officer only. {ExitCode.Explained}") { id, part, reason, remove };
        access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => access.RunAsync(parsed, Retries, async client =>
        {
            var (stop, target, why) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(part), parsed.GetRequiredValue(reason));
            var now = parsed.GetValue(remove)
                ? await client.PutBackAsync(stop, target, why, cancellationToken: cancellationToken)
                : await client.ExceptAsync(stop, target, why, cancellationToken: cancellationToken);
            var parts = now.Except.Count == 0 ? "nothing is carved out" : $"carved out: {string.Join(", ", now.Except.Select(c => c.Target))}";
            Show(parsed.GetValue(access.Json), now, $"{now.StopId} on {now.Target} is {Wording.Word(now.State)}; {parts}.");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Escalate()
    {
        const int usualWaitMs = 30_000;
        const int longestWaitMs = 60_000;
        var (access, id, reason) = (new ServiceAccess(), Stop(), Reason());
        var wait = new Option<int>("--wait") { Description = $"How long to wait for the end, in milliseconds, 0 to {longestWaitMs}; the stop goes on either way.", DefaultValueFactory = _ => usualWaitMs };
        wait.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > longestWaitMs)
            {
                result.AddError($"--wait must be from 0 to {longestWaitMs}.");
            }
        });
        var command = new Command("escalate", $"Makes a standing stop close positions too. {ExitCode.Explained}") { id, reason, wait };
        access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => access.RunAsync(parsed, Retries, async client =>
        {
            var result = await client.ClosePositionsAsync(
                parsed.GetRequiredValue(id), parsed.GetRequiredValue(reason), TimeSpan.FromMilliseconds(parsed.GetValue(wait)), cancellationToken: cancellationToken);
            StopView.For(parsed.GetValue(access.Json)).Show(result);
            return ExitCode.Of(result.State);
        }));
        return command;
    }

    private static void Show<T>(bool json, T result, string sentence) =>
        Console.WriteLine(json ? JsonSerializer.Serialize(result, EmergencyStopJson.Options) : sentence);

    private static Argument<string> Stop() => new("stop-id") { Description = "The stop." };

    private static Option<string> Reason() => new("--reason") { Description = "Why, in words.", Required = true };
}
