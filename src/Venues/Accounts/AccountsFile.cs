using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Accounts;

/// <summary>The accounts that the command line has added: which venue, whose account, and where the credentials lie.</summary>
/// <remarks>
/// It names files and environment variables and never holds what is in them, so it may be read, copied and backed up. It
/// lies beside the ledger and not in it: a stop needs the accounts most when the ledger cannot be read.
/// </remarks>
public sealed record AccountsFile
{
    private static readonly AccountsFileJson Json = AccountsFileJson.Default;

    /// <summary>Its name in the data folder.</summary>
    public const string Name = "accounts.json";

    /// <summary>The kind of venue; <c>alpaca</c>.</summary>
    public string Venue { get; init; } = "alpaca";

    /// <summary>Where its API is: one for all accounts of one service.</summary>
    public Uri? Url { get; init; }

    /// <summary>By user id.</summary>
    public SortedDictionary<string, AccountEntry> Accounts { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Reads the file; an empty one where there is none.</summary>
    /// <exception cref="OptionsValidationException">It cannot be read, or is not such a file.</exception>
    public static AccountsFile Read(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return new();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), Json.AccountsFile) ?? throw new JsonException("It is empty.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(
                nameof(AccountsOptions.AccountsFile), typeof(AccountsOptions), [$"The accounts file {path} cannot be read: {unreadable.Message}"]);
        }
    }

    /// <summary>Writes it whole or not at all.</summary>
    public void Write(string path)
    {
        var next = path + ".new";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, this, Json.AccountsFile);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}

/// <summary>One user's account in the file.</summary>
public sealed record AccountEntry
{
    /// <summary>The account's name in the ledger; default the user id.</summary>
    public string? Account { get; init; }

    /// <summary>A file with the key id.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The environment variable with the key id.</summary>
    public string? KeyEnv { get; init; }

    /// <summary>A file with the secret.</summary>
    public string? SecretFile { get; init; }

    /// <summary>The environment variable with the secret.</summary>
    public string? SecretEnv { get; init; }

    /// <summary>Who places its orders.</summary>
    public AccountMode Mode { get; init; }

    /// <summary>Watch mode: beginnings of client order ids, and whose they are.</summary>
    public SortedDictionary<string, string> Prefixes { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The same as settings.</summary>
    public AccountOptions ToOptions()
    {
        var options = new AccountOptions
        {
            Account = Account, KeyIdFile = KeyFile, KeyIdEnv = KeyEnv, SecretFile = SecretFile, SecretEnv = SecretEnv, Mode = Mode,
        };
        foreach (var (prefix, strategy) in Prefixes)
        {
            options.Prefixes[prefix] = strategy;
        }

        return options;
    }
}

/// <summary>How the file is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AccountsFile))]
internal sealed partial class AccountsFileJson : JsonSerializerContext;
