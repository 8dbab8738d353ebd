using System.CommandLine;
using System.Text.Json;
using EmergencyStop.Client;
using EmergencyStop.Silo.Hosting;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>What the commands against a running service share: where it is, whose key is used, and how trouble is told.</summary>
internal sealed class ServiceAccess
{
    private const string UrlVariable = "EMERGENCY_STOP_URL";
    private const string KeyVariable = "EMERGENCY_STOP_KEY";
    private const int LongestKeyFile = 4096;

    private readonly Option<Uri?> _url = new("--url")
    {
        Description = $"The service; default ${UrlVariable}, or {SiloSettings.DefaultUrls}.",
        CustomParser = SiloCommand.HttpUrl,
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = $"File that holds the API key; default: the key in ${KeyVariable}. A key is no argument, so that no process list shows it.",
    };

    /// <summary>Whether to print JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_keyFile);
        command.Options.Add(Json);
    }

    /// <summary>Runs a command with a client; trouble is a sentence on standard error and an exit code.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="retries">How often a call is tried again.</param>
    /// <param name="act">The command.</param>
    public async Task<int> RunAsync(ParseResult parsed, int retries, Func<EmergencyStopClient, Task<int>> act)
    {
        try
        {
            var options = await ReadAsync(parsed, retries);
            await using var client = new EmergencyStopClient(options);
            return await act(client);
        }
        catch (EmergencyStopException e)
        {
            await Console.Error.WriteLineAsync(parsed.GetValue(Json) ? JsonSerializer.Serialize(e.Problem, EmergencyStopJson.Options) : Sentence(e.Problem));
            return ExitCode.Of(e.Problem);
        }
        catch (Exception e) when (e is CommandException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Other;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Given up.");
            return ExitCode.Other;
        }
    }

    private static string Sentence(EmergencyStopProblem problem) => problem.Status == 0
        ? problem.Detail
        : $"{problem.Title} ({problem.Status} {problem.Code}): {problem.Detail}";

    private async Task<EmergencyStopClientOptions> ReadAsync(ParseResult parsed, int retries)
    {
        var named = Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } text ? text : SiloSettings.DefaultUrls;
        var url = parsed.GetValue(_url) ?? (Uri.TryCreate(named, UriKind.Absolute, out var known) ? known : null);
        return new()
        {
            Url = url is { Scheme: "http" or "https" } ? url : throw new CommandException($"{UrlVariable} must be an absolute http or https URL."),
            ApiKey = parsed.GetValue(_keyFile) is { } file ? await KeyOfAsync(file) : KeyOfEnvironment(),
            MaxRetries = retries,
        };
    }

    private static string KeyOfEnvironment() => Environment.GetEnvironmentVariable(KeyVariable)?.Trim() is { Length: > 0 } key
        ? key
        : throw new CommandException($"No API key: name a file with --key-file, or set {KeyVariable}. keys create makes one.");

    private static async Task<string> KeyOfAsync(string file)
    {
        try
        {
            var text = new FileInfo(file) is { Length: <= LongestKeyFile } ? (await File.ReadAllTextAsync(file)).Trim() : string.Empty;
            return text.Length > 0 && !text.Any(char.IsWhiteSpace) ? text : throw new CommandException($"{file} does not hold one API key and nothing else.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The key file {file} cannot be read: {e.Message}");
        }
    }
}

/// <summary>What was asked for cannot be done as it was asked; the message says why.</summary>
internal sealed class CommandException(string message) : Exception(message);
