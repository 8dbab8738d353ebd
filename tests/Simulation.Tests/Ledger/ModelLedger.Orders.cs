using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Orders and their changes.</content>
public sealed partial class ModelLedger
{
    /// <inheritdoc/>
    public ValueTask<AdmitAnswer> AdmitAsync(NewOrder order, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (order is { PastGate: not null, Terms.ReduceOnly: false })
        {
            throw new ArgumentException("Only a reduce-only order may pass a closed gate.", nameof(order));
        }

        var early = _store.Planted.HasFlag(LedgerBug.SnapshotOlderThanLock) ? _store.View : null;
        return new(Commit("admit", () => _store.Admit(order, early ?? _store.View), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> RecordAsync(ImmutableArray<OrderEvidence> evidence, CancellationToken cancellationToken) =>
        Wait(CutAsync("record", null, evidence, []), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> RecordSweepAsync(
        StopId stop, ImmutableArray<OrderEvidence> evidence, ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellationToken) =>
        Wait(CutAsync("record sweep", stop, evidence, outcomes), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Order?> FindOrderAsync(OrderId order, CancellationToken cancellationToken) =>
        new(Read("find order", () => _store.FindOrder(order), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<Order?> FindOrderAsync(UserId user, ClientOrderId clientOrderId, CancellationToken cancellationToken) =>
        new(Read("find order by name", () => _store.FindOrder(user, clientOrderId), cancellationToken));

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> ActiveOrdersAsync(UserId user, CancellationToken cancellationToken) =>
        Read("active orders", () => _store.ActiveOrders(StopTarget.Of(user)), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> OwedAsync(Stop stop, bool includeProtective, int? partition, CancellationToken cancellationToken) =>
        Read("owed", () => _store.Owed(stop, includeProtective, partition), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> UnmetOrdersAsync(StopId stop, CancellationToken cancellationToken) =>
        Read("unmet orders", () => _store.UnmetOrders(stop), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> EndedMeanwhileAsync(Stop stop, CancellationToken cancellationToken) =>
        Read("ended meanwhile", () => _store.EndedMeanwhile(stop), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<UserId>> UsersWithActiveOrdersAsync(UserId? after, int limit, CancellationToken cancellationToken) =>
        Read("users with active orders", () => _store.UsersWithActiveOrders(after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<UserId>> UsersWithUnclearOrdersAsync(long upTo, UserId? after, int limit, CancellationToken cancellationToken) =>
        Read("users with unclear orders", () => _store.UsersWithUnclearOrders(upTo, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<UserId>> KnownUsersAsync(CancellationToken cancellationToken) =>
        Read("known users", _store.KnownUsers, cancellationToken);

    /// <inheritdoc/>
    public Task<Page<Order>> OrdersAsync(OrderQuery query, CancellationToken cancellationToken)
    {
        var limit = Checked(query.Limit, nameof(query.Limit));
        var before = Cursor.Number(query.Cursor);
        return Read("orders", () => _store.OrdersPage(query, before, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ClosingAnswer> InsertClosingAsync(NewOrder order, StopId stop, int attempt, CancellationToken cancellationToken) =>
        Commit("insert closing", () => _store.InsertClosing(order, stop, attempt), cancellationToken);

    /// <inheritdoc/>
    public Task<Order?> LastClosingAsync(AccountId account, Symbol symbol, CancellationToken cancellationToken) =>
        Read("last closing", () => _store.LastClosing(account, symbol), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> ClosingsAsync(StopId stop, AccountId account, Symbol symbol, CancellationToken cancellationToken) =>
        Read("closings", () => _store.Closings(stop, account, symbol), cancellationToken);

    /// <inheritdoc/>
    public Task<Order?> AdoptAsync(
        StopId stop, UserId user, StrategyId? strategy, VenueOrderReport report, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("adopt", () => _store.Adopt(stop, user, strategy, report, at), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<AttributedPosition>> PositionsAsync(
        UserId? user, StrategyId? strategy, Symbol? symbol, CancellationToken cancellationToken) =>
        Read("positions", () => _store.Positions(user, strategy, symbol), cancellationToken);

    /// <inheritdoc/>
    public Task<OrderEventPage> OrderEventsAsync(OrderEventQuery query, CancellationToken cancellationToken) =>
        Read("order events", () => _store.OrderEvents(query), cancellationToken);

    /// <inheritdoc/>
    public Task<OrderCountPage> OrderCountsAsync(long after, CancellationToken cancellationToken) =>
        Read("order counts", () => _store.OrderCounts(after), cancellationToken);

    /// <inheritdoc/>
    public async Task OrderEventsAfterAsync(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (last, next) = await Read("last order event", () => (_store.LastChange, _store.NextChange), cancellationToken).ConfigureAwait(false);
            if (last > after)
            {
                return;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<bool> PruneOrderEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken) =>
        Commit("prune order events", () => _store.PruneOrderEvents(before, most), cancellationToken);

    /// <remarks>A refusal is passed on as it is, not thrown and caught here as well: that is dear, and happens often.</remarks>
    private Task<ImmutableArray<Order>> CutAsync(
        string what, StopId? stop, ImmutableArray<OrderEvidence> evidence, ImmutableArray<ItemOutcome> outcomes)
    {
        var work = new ModelStore.EvidenceWork(_store, stop, evidence, outcomes, _time.GetUtcNow());
        var rows = new TaskCompletionSource<ImmutableArray<Order>>();
        _ = GoOnAsync();
        return rows.Task;

        async Task GoOnAsync()
        {
            while (!work.IsDone)
            {
                Task slice = CommitAsync(what, urgent: false, () => work.Run(_cut));
                await slice.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (slice.Exception is { } refusal)
                {
                    rows.SetException(refusal.InnerExceptions);
                    return;
                }
            }

            rows.SetResult(work.Rows());
        }
    }
}
