using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.Sqlite;

/// <content>The changes of orders.</content>
public sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task<OrderEventPage> OrderEventsAsync(OrderEventQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(session => OrderEventRows.Page(session, query), cancellationToken);

    /// <inheritdoc/>
    public Task<OrderCountPage> OrderCountsAsync(long after, CancellationToken cancellationToken) =>
        _readers.ReadAsync(session => OrderEventRows.Counts(session, after), cancellationToken);

    /// <inheritdoc/>
    public Task OrderEventsAfterAsync(long after, CancellationToken cancellationToken) => _bells.Orders.After(after).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PruneOrderEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken) =>
        Normal(transaction => OrderEventRows.Prune(transaction.Session, before, most), cancellationToken);
}
