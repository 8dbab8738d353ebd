using System.Collections.Immutable;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Audit;

namespace EmergencyStop.Ledger.Rows;

public abstract partial class StoredLedger
{
    /// <inheritdoc/>
    public Task AddKeyAsync(ApiKey key, string hash, CancellationToken cancellationToken) =>
        Normal(
            transaction =>
            {
                KeyRows.Insert(transaction.Session, key, hash);
                transaction.AppendAudit(new(key.CreatedAt, "service", "key.created", key.Id, AuditDetails.Of(
                    ("name", key.Name), ("role", key.Role.ToString()), ("user", key.User?.Value))));
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ApiKey?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        ReadOne(session => KeyRows.Find(session, hash));

    /// <inheritdoc/>
    public Task<ImmutableArray<ApiKey>> KeysAsync(CancellationToken cancellationToken) =>
        ReadAsync(static session => KeyRows.All(session).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string id, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(
            transaction =>
            {
                var revoked = KeyRows.Revoke(transaction.Session, id, at);
                if (revoked)
                {
                    transaction.AppendAudit(new(at, by, "key.revoked", id, "{}"));
                }

                return revoked;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RememberedAnswer?> FindAnswerAsync(string keyId, string idempotencyKey, CancellationToken cancellationToken) =>
        ReadOne(session => KeyRows.FindAnswer(session, keyId, idempotencyKey));

    /// <inheritdoc/>
    public Task RememberAnswerAsync(
        string keyId, string idempotencyKey, RememberedAnswer answer, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(
            transaction =>
            {
                KeyRows.Remember(transaction.Session, keyId, idempotencyKey, answer, at);
                return true;
            },
            cancellationToken);
}
