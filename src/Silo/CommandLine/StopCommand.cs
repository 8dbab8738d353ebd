using System.CommandLine;
using System.Security.Cryptography;
using EmergencyStop.Client;

namespace EmergencyStop.Silo.CommandLine;

/// <summary><c>stop</c>: engages a stop at a running service and follows it for a while.</summary>
internal sealed class StopCommand
{
    private const int Retries = 6; // A press is worth waiting for a service that restarts.
    private const int KeyCharacters = 32;
    private const int UsualWaitMs = 30_000;
    private const int LongestWaitMs = 3_600_000;
    private const int LongestServerWaitMs = 60_000;

    private static readonly string[] Scopes = ["user", "strategy", "symbol", "system", "panic"];
    private static readonly EmergencyStopReason[] Reasons = [.. Enum.GetValues<EmergencyStopReason>().Where(r => r != EmergencyStopReason.Unrecognized)];

    private readonly ServiceAccess _access = new();
    private readonly Argument<string> _scope = new("scope") { Description = string.Join(", ", Scopes) };
    private readonly Argument<string?> _id = new("id")
    {
        Description = "Which user, strategy or symbol; for user and panic the key's own user when left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _reason = new("--reason") { Description = "Why, in words; needed for everything but panic." };
    private readonly Option<string?> _reasonCode = new("--reason-code") { Description = $"{string.Join(", ", Reasons.Select(Wording.Code))}; default USER_INITIATED." };
    private readonly Option<bool> _close = new("--close-positions") { Description = "Close the positions in scope too; a panic always does." };
    private readonly Option<bool> _protective = new("--keep-protective") { Description = "Leave protective orders until the position is flat." };
    private readonly Option<bool> _cancelOnly = new("--cancel-only") { Description = "Cancel what is there now and hold nothing." };
    private readonly Option<bool> _noCancel = new("--no-cancel") { Description = "Close the gate but leave the orders." };
    private readonly Option<bool> _noPause = new("--no-pause") { Description = "Do not pause the strategies in scope." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask before stopping the whole system." };
    private readonly Option<string?> _key = new("--idempotency-key") { Description = "Your own name for this press: the same again is the same stop. Default: a new one." };
    private readonly Option<int> _wait = new("--wait")
    {
        Description = $"How long to wait for the end, in milliseconds, 0 to {LongestWaitMs}; the stop goes on either way.",
        DefaultValueFactory = _ => UsualWaitMs,
    };

    /// <summary>The command.</summary>
    public static Command Create() => new StopCommand().Build();

    private Command Build()
    {
        _scope.AcceptOnlyFromAmong(Scopes);
        _reasonCode.AcceptOnlyFromAmong([.. Reasons.Select(Wording.Code)]);
        _wait.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > LongestWaitMs)
            {
                result.AddError($"--wait must be from 0 to {LongestWaitMs}.");
            }
        });
        var command = new Command("stop", $"Engages an emergency stop. Only a stop of the whole system asks first, and panic never does. {ExitCode.Explained}")
        {
            _scope, _id, _reason, _reasonCode, _close, _protective, _cancelOnly, _noCancel, _noPause, _wait, _key, _yes,
        };
        _access.AddTo(command);
        command.SetAction((parsed, cancellationToken) => _access.RunAsync(parsed, Retries, client => RunAsync(parsed, client, cancellationToken)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, EmergencyStopClient client, CancellationToken cancellationToken)
    {
        var press = Press(parsed);
        if (parsed.GetRequiredValue(_scope) == "system" && !parsed.GetValue(_yes) && !await ConfirmAsync())
        {
            await Console.Error.WriteLineAsync("Nothing was stopped.");
            return ExitCode.Other;
        }

        var began = TimeProvider.System.GetTimestamp();
        var json = parsed.GetValue(_access.Json);
        var wait = TimeSpan.FromMilliseconds(parsed.GetValue(_wait));
        var view = StopView.For(json);
        var key = parsed.GetValue(_key) ?? RandomNumberGenerator.GetHexString(KeyCharacters, lowercase: true);
        var options = Options(parsed) with
        {
            // With a live display the service answers at once, and the rest of the wait is watched.
            Wait = view.IsLive ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(wait.TotalMilliseconds, LongestServerWaitMs)),
            IdempotencyKey = key,
        };
        StopResult result;
        try
        {
            result = await press(client, options, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or EmergencyStopException { Problem.Code: EmergencyStopProblem.Unreachable })
        {
            await Console.Error.WriteLineAsync($"It is not known whether the stop is engaged. Ask again with --idempotency-key {key}");
            if (e is OperationCanceledException)
            {
                return ExitCode.Unreachable;
            }

            throw;
        }

        var left = wait - TimeProvider.System.GetElapsedTime(began);
        var last = result.State == StopState.Working && left > TimeSpan.Zero
            ? await view.FollowAsync(client, result, left, cancellationToken)
            : result;
        view.Show(last);
        return ExitCode.Of(last.State);
    }

    /// <summary>What is to be pressed, checked before anything is asked or sent.</summary>
    private Func<EmergencyStopClient, StopOptions, CancellationToken, Task<StopResult>> Press(ParseResult parsed)
    {
        var (scope, id, reason) = (parsed.GetRequiredValue(_scope), parsed.GetValue(_id), parsed.GetValue(_reason));
        if (scope == "panic")
        {
            return (client, options, token) => client.PanicAsync(id, reason, options, token);
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new CommandException("--reason is missing: say why, in words.");
        }

        var target = (scope, id) switch
        {
            ("system", null) => StopTarget.System,
            ("system", _) => throw new CommandException("A stop of the system takes no id."),
            ("user", null) => StopTarget.OwnBook,
            ("user", { } user) => StopTarget.OfUser(user),
            (_, null) => throw new CommandException($"Name the {scope}: stop {scope} ID."),
            ("strategy", { } strategy) => StopTarget.OfStrategy(strategy),
            (_, { } symbol) => StopTarget.OfSymbol(symbol),
        };
        return (client, options, token) => client.EmergencyStopAsync(target, reason, options, token);
    }

    private StopOptions Options(ParseResult parsed) => new()
    {
        ReasonCode = parsed.GetValue(_reasonCode) is { } code ? Reasons.Single(r => Wording.Code(r) == code) : null,
        CancelOrders = parsed.GetValue(_noCancel) ? false : null,
        PauseStrategies = parsed.GetValue(_noPause) ? false : null,
        ClosePositions = parsed.GetValue(_close) ? true : null,
        KeepProtective = parsed.GetValue(_protective) ? true : null,
        CancelOnly = parsed.GetValue(_cancelOnly) ? true : null,
    };

    /// <summary>Asks a person; never waits for input that nobody types.</summary>
    private static async Task<bool> ConfirmAsync()
    {
        if (Console.IsInputRedirected)
        {
            throw new CommandException("A stop of the whole system asks first, and nobody can be asked here: the input is not a terminal. Say --yes.");
        }

        await Console.Error.WriteAsync("This stops the WHOLE SYSTEM: every user, every strategy, every symbol. Type yes to go on: ");
        return string.Equals(Console.ReadLine()?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
    }
}
