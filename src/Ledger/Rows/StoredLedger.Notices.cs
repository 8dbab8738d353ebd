using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Rows;

/// <content>What strategies were told.</content>
public abstract partial class StoredLedger
{
    /// <inheritdoc/>
    public Task RecordNoticeAsync(NoticeOutcome outcome, CancellationToken cancellationToken) =>
        Normal(transaction => NoticeRows.Write(transaction.Session, outcome), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<NoticeOutcome>> NoticesAsync(StopId stop, CancellationToken cancellationToken) =>
        ReadAsync(session => NoticeRows.Of(session, stop).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<NoticeOutcome>> PendingNoticesAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync(session => NoticeRows.Pending(session, limit).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<Strategy?> RotateSecretAsync(StrategyId strategy, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(
            transaction =>
            {
                if (StrategyRows.Find(transaction.Session, strategy) is not { } found)
                {
                    return null;
                }

                var next = found with { SecretGeneration = found.SecretGeneration + 1 };
                StrategyRows.Write(transaction.Session, next);
                transaction.AppendAudit(new(
                    at, by, "strategy.secret_rotated", strategy.Value, AuditDetails.Of(("generation", next.SecretGeneration))));
                return next;
            },
            cancellationToken);
}
