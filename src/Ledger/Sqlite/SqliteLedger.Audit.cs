using System.Collections.Immutable;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.Sqlite;

public sealed partial class SqliteLedger
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
        _readers.ReadAsync(session => AuditRows.After(session, after, limit).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<AuditVerdict> VerifyAuditAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync(
            static session =>
            {
                var head = GateRows.Read(session);
                return AuditChain.Verify(AuditRows.Stream(session), head.AuditSequence, head.AuditHash);
            },
            cancellationToken);
}
