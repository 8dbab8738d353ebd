using EmergencyStop.Ids;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Accounts;

/// <summary>Reads an account's key id and secret from where the settings say they are.</summary>
public static class Credentials
{
    /// <summary>What a simulated venue takes.</summary>
    public const string NoSecret = "none";

    internal static AccountKey Read(string user, AccountId account, AccountOptions settings) => new(
        One(user, "KeyId", settings.KeyId, settings.KeyIdFile, settings.KeyIdEnv) ?? account.Value,
        One(user, "Secret", settings.Secret, settings.SecretFile, settings.SecretEnv) ?? NoSecret);

    /// <summary>What is wrong with an account, for <c>ValidateOnStart</c> and the command line.</summary>
    public static OptionsValidationException Wrong(string why) =>
        new(nameof(AccountsOptions.Accounts), typeof(AccountsOptions), [$"Venues:Accounts: {why}"]);

    private static string? One(string user, string what, string? text, string? file, string? variable)
    {
        (string Name, string? Value)[] sources = [(what, text), ($"{what}File", file), ($"{what}Env", variable)];
        var given = sources.Where(source => source.Value is not null).Select(source => source.Name).ToArray();
        if (given.Length > 1)
        {
            throw Wrong($"{user} has both {given[0]} and {given[1]}; one is enough.");
        }

        return text ?? FromFile(user, what, file) ?? FromEnvironment(user, what, variable);
    }

    private static string? FromFile(string user, string what, string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"the {what}File of {user} cannot be read: {unreadable.Message}");
        }
    }

    private static string? FromEnvironment(string user, string what, string? variable) => variable is null ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value
        : throw Wrong($"the environment variable {variable}, the {what}Env of {user}, is not set.");
}
