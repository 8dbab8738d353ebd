using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Ledger.Rows;

public abstract partial class StoredLedger
{
    private const int LargestPage = 500;

    /// <inheritdoc/>
    public ValueTask<AdmitAnswer> AdmitAsync(NewOrder order, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (order is { PastGate: not null, Terms.ReduceOnly: false })
        {
            throw new ArgumentException("Only a reduce-only order may pass a closed gate.", nameof(order));
        }

        return Admit(order, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> RecordAsync(ImmutableArray<OrderEvidence> evidence, CancellationToken cancellationToken) =>
        Cut(new EvidenceWork(null, evidence, [], Time.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> RecordSweepAsync(
        StopId stop, ImmutableArray<OrderEvidence> evidence, ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellationToken) =>
        Cut(new EvidenceWork(stop, evidence, outcomes, Time.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Order?> FindOrderAsync(OrderId order, CancellationToken cancellationToken) =>
        ReadOne(session => OrderRows.Find(session, order));

    /// <inheritdoc/>
    public ValueTask<Order?> FindOrderAsync(UserId user, ClientOrderId clientOrderId, CancellationToken cancellationToken) =>
        ReadOne(session => OrderRows.Find(session, user, clientOrderId));

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> ActiveOrdersAsync(UserId user, CancellationToken cancellationToken) =>
        ReadAsync(session => ScopeRows.Active(session, Active, StopTarget.Of(user), null).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> OwedAsync(Stop stop, bool includeProtective, int? partition, CancellationToken cancellationToken) =>
        ReadAsync(session => ScopeRows.Owed(session, Active, stop, includeProtective, partition).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> UnmetOrdersAsync(StopId stop, CancellationToken cancellationToken) =>
        ReadAsync(session => OrderQueries.Unmet(session, stop).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> EndedMeanwhileAsync(Stop stop, CancellationToken cancellationToken) =>
        ReadAsync(session => ScopeRows.EndedMeanwhile(session, stop).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<UserId>> UsersWithActiveOrdersAsync(UserId? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(session => OrderQueries.UsersWithActive(session, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<UserId>> UsersWithUnclearOrdersAsync(long upTo, UserId? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(session => Unclear(session, upTo, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<UserId>> KnownUsersAsync(CancellationToken cancellationToken) =>
        ReadAsync(OrderQueries.KnownUsers, cancellationToken);

    /// <inheritdoc/>
    public Task<Page<Order>> OrdersAsync(OrderQuery query, CancellationToken cancellationToken)
    {
        var limit = Checked(query.Limit, LargestPage, nameof(query.Limit));
        var before = Cursor.Number(query.Cursor);
        return ReadAsync(session => OrderQueries.Page(session, Active, query, before, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ClosingAnswer> InsertClosingAsync(NewOrder order, StopId stop, int attempt, CancellationToken cancellationToken) =>
        Normal(transaction => VenueWork.InsertClosing(transaction, order, stop, attempt), cancellationToken);

    /// <inheritdoc/>
    public Task<Order?> LastClosingAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken) =>
        ReadAsync(session => VenueWork.LastClosing(session, account, symbol), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> ClosingsAsync(StopId stop, AccountId account, Symbol symbol, CancellationToken cancellationToken) =>
        ReadAsync(session => VenueWork.Closings(session, stop, account, symbol).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<Order?> AdoptAsync(
        StopId stop, UserId user, StrategyId? strategy, VenueOrderReport report, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(transaction => VenueWork.Adopt(transaction, stop, user, strategy, report, at), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<AttributedPosition>> PositionsAsync(
        UserId? user, StrategyId? strategy, Symbol? symbol, CancellationToken cancellationToken) =>
        ReadAsync(session => PositionRows.Of(session, user, strategy, symbol).ToImmutableArray(), cancellationToken);

    private Task<ImmutableArray<Order>> Cut(EvidenceWork work, CancellationToken cancellationToken) =>
        work.Job() is { } job ? Normal(job, cancellationToken) : Task.FromResult(ImmutableArray<Order>.Empty);
}
