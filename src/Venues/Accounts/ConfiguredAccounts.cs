using System.Collections.Immutable;
using EmergencyStop.Ids;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Accounts;

/// <summary>The account map from the settings and the accounts file. Refuses two users on one account: it could not be flattened for one of them.</summary>
public sealed class ConfiguredAccounts : IAccountMap
{
    private readonly Dictionary<UserId, AccountId> _accounts = [];
    private readonly Dictionary<AccountId, KnownAccount> _known = [];
    private readonly Dictionary<AccountId, AccountKey> _keys = [];
    private readonly Dictionary<string, AccountId> _byKeyId = new(StringComparer.Ordinal);

    /// <summary>Reads the settings, the accounts file, and the files that they name.</summary>
    /// <exception cref="OptionsValidationException">A name is malformed, an account or a key is given twice, or a secret cannot be read.</exception>
    public ConfiguredAccounts(IOptions<AccountsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var named = options.Value.Accounts;
        var added = AccountsFile.Read(options.Value.AccountsFile).Accounts
            .Where(pair => !named.ContainsKey(pair.Key))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToOptions()));
        foreach (var (name, settings) in named.Concat(added).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(name, settings);
        }

        Known = [.. _known.Values.OrderBy(account => account.User.Value, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public ImmutableArray<KnownAccount> Known { get; }

    /// <inheritdoc/>
    public KnownAccount? Find(AccountId account) => _known.GetValueOrDefault(account);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The user is not named in the settings, and the account of that name is another user's.</exception>
    public AccountId AccountOf(UserId user)
    {
        if (_accounts.TryGetValue(user, out var account))
        {
            return account;
        }

        account = AccountId.Parse(user.Value);
        return _known.ContainsKey(account) || _byKeyId.ContainsKey(user.Value)
            ? throw new InvalidOperationException($"The account {account} belongs to another user; name the account of {user} in Venues:Accounts.")
            : account;
    }

    /// <inheritdoc/>
    public UserId UserOf(AccountId account) => _known.TryGetValue(account, out var known) ? known.User : UserId.Parse(account.Value);

    /// <summary>How an account shows itself at the venue.</summary>
    public AccountKey KeyOf(AccountId account) => _keys.TryGetValue(account, out var key) ? key : new(account.Value, Credentials.NoSecret);

    private static OptionsValidationException Wrong(string why) => Credentials.Wrong(why);

    private static ImmutableDictionary<string, StrategyId> ReadPrefixes(string user, AccountOptions settings)
    {
        var prefixes = ImmutableDictionary.CreateBuilder<string, StrategyId>(StringComparer.Ordinal);
        foreach (var (prefix, strategy) in settings.Prefixes)
        {
            if (prefix.Length == 0 || !StrategyId.TryParse(strategy, out var id, out _))
            {
                throw Wrong($"the prefix '{prefix}' of {user} must have a character, and '{strategy}' be a strategy id.");
            }

            prefixes[prefix] = id;
        }

        return prefixes.ToImmutable();
    }

    private void Add(string name, AccountOptions settings)
    {
        if (!UserId.TryParse(name, out var user, out var why) || !AccountId.TryParse(settings.Account ?? name, out var account, out why))
        {
            throw Wrong(why);
        }

        var key = Credentials.Read(name, account, settings);
        if (!_known.TryAdd(account, new(user, account, settings.Mode, ReadPrefixes(name, settings))))
        {
            throw Wrong($"the account {account} is given to {_known[account].User} and to {user}.");
        }

        if (!_byKeyId.TryAdd(key.Id, account))
        {
            throw Wrong($"the key id {key.Id} is given to {_known[_byKeyId[key.Id]].User} and to {user}.");
        }

        _accounts[user] = account;
        _keys[account] = key;
    }
}
