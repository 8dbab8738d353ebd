using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;

namespace EmergencyStop.Ledger.Access;

/// <summary>API keys. Only hashes are kept.</summary>
public interface IKeyLedger
{
    /// <summary>Stores a key by its hash, with an audit entry.</summary>
    Task AddKeyAsync(ApiKey key, string hash, CancellationToken cancellationToken);

    /// <summary>The key behind a hash, revoked or not. Reads what another process has just written.</summary>
    ValueTask<ApiKey?> FindKeyAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Every key, by creation.</summary>
    Task<ImmutableArray<ApiKey>> KeysAsync(CancellationToken cancellationToken);

    /// <summary>Revokes a key for good, with an audit entry.</summary>
    /// <returns>Whether there was such a key, not revoked before.</returns>
    Task<bool> RevokeKeyAsync(string id, string by, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>One API key, without its secret.</summary>
/// <param name="Id">Its id, shown in lists and the audit.</param>
/// <param name="Name">For people; 1 to 100 characters.</param>
/// <param name="Role">What it may do.</param>
/// <param name="User">Whose it is; always there for a trader.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="RevokedAt">When it was revoked (UTC).</param>
public sealed record ApiKey(string Id, string Name, Role Role, UserId? User, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>The caller it stands for.</summary>
    public Caller Caller => new(Id, Name, Role, User);
}
