using System.Collections.Immutable;
using EmergencyStop.Ledger.Audit;

namespace EmergencyStop.Ledger.Rows;

public abstract partial class StoredLedger
{
    /// <inheritdoc/>
    public Task AppendAuditAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        Normal(
            transaction =>
            {
                transaction.AppendAudit(entry);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ChainedAuditEntry>> AuditAsync(long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(session => AuditRows.After(session, after, limit).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<AuditVerdict> VerifyAuditAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            static session =>
            {
                var head = GateRows.Read(session);
                return AuditChain.Verify(AuditRows.Stream(session), head.AuditSequence, head.AuditHash);
            },
            cancellationToken);
}
