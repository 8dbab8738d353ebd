using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Venues.Accounts;

/// <summary>The accounts of users at the venue, from the section <c>Venues</c>.</summary>
public sealed class AccountsOptions
{
    /// <summary>By user id. A user who is not named has the account, and the key id, of the user's own name.</summary>
    /// <value>Default none.</value>
    public Dictionary<string, AccountOptions> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>The file of <c>accounts add</c>. A user whom the settings name too has what the settings say, wholly.</summary>
    /// <value>Default: <c>accounts.json</c> in the data folder.</value>
    public string? AccountsFile { get; set; }
}

/// <summary>One user's account.</summary>
public sealed class AccountOptions
{
    /// <summary>The account's name in the ledger. Must not change while orders of it are open.</summary>
    /// <value>Default: the user id.</value>
    [MaxLength(64)]
    public string? Account { get; set; }

    /// <summary>The key id at the venue.</summary>
    /// <value>Default: the account's name.</value>
    [MaxLength(128)]
    public string? KeyId { get; set; }

    /// <summary>The secret at the venue, as an environment variable gives it: <c>Venues__Accounts__alice__Secret</c>.</summary>
    /// <value>Default: <c>none</c>, which a simulated venue takes.</value>
    [MaxLength(1024)]
    public string? Secret { get; set; }

    /// <summary>A file with the secret; read once, at start. Excludes <see cref="Secret"/>.</summary>
    public string? SecretFile { get; set; }

    /// <summary>The environment variable that holds the secret. Excludes <see cref="Secret"/> and <see cref="SecretFile"/>.</summary>
    [MaxLength(128)]
    public string? SecretEnv { get; set; }

    /// <summary>A file with the key id. Excludes <see cref="KeyId"/>.</summary>
    public string? KeyIdFile { get; set; }

    /// <summary>The environment variable that holds the key id. Excludes <see cref="KeyId"/> and <see cref="KeyIdFile"/>.</summary>
    [MaxLength(128)]
    public string? KeyIdEnv { get; set; }

    /// <summary>Who places the account's orders: <c>Trade</c>, this service; <c>Watch</c>, other programs.</summary>
    /// <value>Default <c>Trade</c>.</value>
    public AccountMode Mode { get; set; }

    /// <summary>Watch mode: beginnings of client order ids and the strategy whose orders they are; <c>strategyid-</c> is known without.</summary>
    /// <value>Default none.</value>
    public Dictionary<string, string> Prefixes { get; } = new(StringComparer.Ordinal);
}
