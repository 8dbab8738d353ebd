using EmergencyStop.Ids;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Accounts;

/// <summary>The account map from the settings. Refuses two users on one account: it could not be flattened for one of them.</summary>
public sealed class ConfiguredAccounts : IAccountMap
{
    private const string NoSecret = "none";
    private readonly Dictionary<UserId, AccountId> _accounts = [];
    private readonly Dictionary<AccountId, UserId> _users = [];
    private readonly Dictionary<AccountId, AccountKey> _keys = [];
    private readonly Dictionary<string, AccountId> _byKeyId = new(StringComparer.Ordinal);

    /// <summary>Reads the settings and the files that they name.</summary>
    /// <exception cref="OptionsValidationException">A name is malformed, an account or a key is given twice, or a secret cannot be read.</exception>
    public ConfiguredAccounts(IOptions<AccountsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (name, settings) in options.Value.Accounts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(name, settings);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The user is not named in the settings, and the account of that name is another user's.</exception>
    public AccountId AccountOf(UserId user)
    {
        if (_accounts.TryGetValue(user, out var account))
        {
            return account;
        }

        account = AccountId.Parse(user.Value);
        return _users.ContainsKey(account) || _byKeyId.ContainsKey(user.Value)
            ? throw new InvalidOperationException($"The account {account} belongs to another user; name the account of {user} in Venues:Accounts.")
            : account;
    }

    /// <inheritdoc/>
    public UserId UserOf(AccountId account) => _users.TryGetValue(account, out var user) ? user : UserId.Parse(account.Value);

    /// <summary>How an account shows itself at the venue.</summary>
    public AccountKey KeyOf(AccountId account) => _keys.TryGetValue(account, out var key) ? key : new(account.Value, NoSecret);

    private static OptionsValidationException Wrong(string why) =>
        new(nameof(AccountsOptions.Accounts), typeof(AccountsOptions), [$"Venues:Accounts: {why}"]);

    private static string ReadSecret(string user, AccountOptions settings)
    {
        if (settings.SecretFile is not { } path)
        {
            return settings.Secret ?? NoSecret;
        }

        if (settings.Secret is not null)
        {
            throw Wrong($"{user} has both Secret and SecretFile; one is enough.");
        }

        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"the SecretFile of {user} cannot be read: {unreadable.Message}");
        }
    }

    private void Add(string name, AccountOptions settings)
    {
        if (!UserId.TryParse(name, out var user, out var why) || !AccountId.TryParse(settings.Account ?? name, out var account, out why))
        {
            throw Wrong(why);
        }

        var key = new AccountKey(settings.KeyId ?? account.Value, ReadSecret(name, settings));
        if (!_users.TryAdd(account, user))
        {
            throw Wrong($"the account {account} is given to {_users[account]} and to {user}.");
        }

        if (!_byKeyId.TryAdd(key.Id, account))
        {
            throw Wrong($"the key id {key.Id} is given to {_users[_byKeyId[key.Id]]} and to {user}.");
        }

        _accounts[user] = account;
        _keys[account] = key;
    }
}
