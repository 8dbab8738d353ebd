using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

public abstract partial class StoredLedger
{
    /// <inheritdoc/>
    public Task<Page<Obligation>> ObligationsAsync(
        ObligationQuery query, AccountId? account, DateTimeOffset at, CancellationToken cancellationToken)
    {
        _ = Checked(query.Limit, LargestPage, nameof(query.Limit));
        var after = Cursor.Key(query.Cursor);
        return ReadAsync(
            session =>
            {
                var (items, next) = DebtRows.Page(session, Active, query, account, after, at);
                return new Page<Obligation>([.. items], next);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<WaiveAnswer> WaiveAsync(WaiveRequest request, CancellationToken cancellationToken) =>
        Urgent(transaction => WaiveWork.Waive(transaction, request), cancellationToken);

    /// <inheritdoc/>
    public Task<ReleaseAnswer> NarrowAsync(ReleaseRequest request, ImmutableDictionary<AccountId, UserId> users, CancellationToken cancellationToken) =>
        Urgent(transaction => NarrowWork.Narrow(transaction, request, users), cancellationToken);

    /// <inheritdoc/>
    public Task<ExceptAnswer> ExceptAsync(ExceptRequest request, ImmutableDictionary<AccountId, UserId> users, CancellationToken cancellationToken) =>
        Urgent(transaction => CarveOutWork.Except(transaction, request, users), cancellationToken);

    /// <inheritdoc/>
    public Task<ExceptAnswer> PutBackAsync(ExceptRequest request, CancellationToken cancellationToken) =>
        AtOnce(transaction => CarveOutWork.PutBack(transaction, request), cancellationToken);

    /// <inheritdoc/>
    public Task<EscalateAnswer> EscalateAsync(EscalateRequest request, CancellationToken cancellationToken) =>
        Urgent(transaction => CarveOutWork.Escalate(transaction, request), cancellationToken);

    /// <inheritdoc/>
    public Task<Stop> EndPassAsync(Stop read, PassEnd end, CancellationToken cancellationToken) =>
        Normal(transaction => StopWork.EndPass(transaction, read, end), cancellationToken);
}
