using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Strategies, notices, keys, answers, the audit and the mirror.</content>
public sealed partial class ModelLedger
{
    /// <inheritdoc/>
    public Task<Strategy?> RegisterAsync(
        StrategyId strategy, UserId user, string? name, string? callbackUrl, bool mayChangeOwner, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("register", () => _store.Register(strategy, user, name, callbackUrl, mayChangeOwner, at), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Strategy?> FindStrategyAsync(StrategyId strategy, CancellationToken cancellationToken) =>
        new(Read("find strategy", () => _store.FindStrategy(strategy), cancellationToken));

    /// <inheritdoc/>
    public Task<Page<Strategy>> StrategiesAsync(UserId? user, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var after = Cursor.Key(cursor);
        _ = Checked(limit, nameof(limit));
        return Read("strategies", () => _store.StrategiesPage(user, after, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Strategy>> StrategiesInAsync(StopTarget target, CancellationToken cancellationToken) =>
        Read("strategies in", () => _store.StrategiesIn(target), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemOutcome>> PauseAsync(
        Stop stop, ImmutableArray<StrategyId> strategies, DateTimeOffset started, CancellationToken cancellationToken) =>
        Wait(PauseCutAsync(new(_store, stop.Id, strategies, started, _time)), cancellationToken);

    /// <inheritdoc/>
    public Task<ResumeAnswer> ResumeAsync(StrategyId strategy, Caller by, string reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        Urgent("resume", () => _store.Resume(strategy, by, reason, at), cancellationToken);

    /// <inheritdoc/>
    public Task RecordNoticeAsync(NoticeOutcome outcome, CancellationToken cancellationToken) =>
        Commit("record notice", () => _store.RecordNotice(outcome), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<NoticeOutcome>> NoticesAsync(StopId stop, CancellationToken cancellationToken) =>
        Read("notices", () => _store.Notices(stop), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<NoticeOutcome>> PendingNoticesAsync(int limit, CancellationToken cancellationToken) =>
        Read("pending notices", () => _store.PendingNotices(limit), cancellationToken);

    /// <inheritdoc/>
    public Task<Strategy?> RotateSecretAsync(StrategyId strategy, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("rotate secret", () => _store.RotateSecret(strategy, by, at), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAuditAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        Commit("append audit", () => _store.AppendAudit(entry), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ChainedAuditEntry>> AuditAsync(long after, int limit, CancellationToken cancellationToken) =>
        Read("audit", () => _store.Audit.Skip((int)after).Take(limit).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<AuditVerdict> VerifyAuditAsync(CancellationToken cancellationToken) => Read("verify audit", _store.VerifyAudit, cancellationToken);

    /// <inheritdoc/>
    public Task AddKeyAsync(ApiKey key, string hash, CancellationToken cancellationToken) =>
        Commit("add key", () => _store.AddKey(key, hash), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ApiKey?> FindKeyAsync(string hash, CancellationToken cancellationToken) =>
        new(Read("find key", () => _store.FindKey(hash), cancellationToken));

    /// <inheritdoc/>
    public Task<ImmutableArray<ApiKey>> KeysAsync(CancellationToken cancellationToken) => Read("keys", () => _store.Keys, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string id, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("revoke key", () => _store.RevokeKey(id, by, at), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RememberedAnswer?> FindAnswerAsync(string keyId, string idempotencyKey, CancellationToken cancellationToken) =>
        new(Read("find answer", () => _store.FindAnswer(keyId, idempotencyKey), cancellationToken));

    /// <inheritdoc/>
    public Task RememberAnswerAsync(
        string keyId, string idempotencyKey, RememberedAnswer answer, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("remember answer", () => _store.RememberAnswer(keyId, idempotencyKey, answer), cancellationToken);

    /// <inheritdoc/>
    public Task<MirrorReading?> MirrorAsync(MirrorMark? since, CancellationToken cancellationToken) =>
        Read("mirror", () => _store.Mirror(since), cancellationToken);

    private async Task<ImmutableArray<ItemOutcome>> PauseCutAsync(ModelStore.PauseWork work)
    {
        for (var urgent = true; !work.IsDone; urgent = false)
        {
            await CommitAsync("pause", urgent, () => work.Run(_cut)).ConfigureAwait(false);
        }

        return work.Outcomes;
    }
}
