using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.Sqlite;

/// <content>The changes of orders.</content>
public sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public override Task<OrderEventPage> OrderEventsAsync(OrderEventQuery query, CancellationToken cancellationToken) =>
        ReadAsync(session => OrderEventRows.Page(session, query), cancellationToken);

    /// <inheritdoc/>
    public override Task<OrderCountPage> OrderCountsAsync(long after, CancellationToken cancellationToken) =>
        ReadAsync(session => OrderEventRows.Counts(session, after), cancellationToken);

    /// <inheritdoc/>
    public override Task OrderEventsAfterAsync(long after, CancellationToken cancellationToken) => _bells.Orders.After(after).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<bool> PruneOrderEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken) =>
        Normal(transaction => OrderEventRows.Prune(transaction.Session, before, most), cancellationToken);

    /// <inheritdoc/>
    public override Task EventsAfterAsync(long after, CancellationToken cancellationToken) => _bells.Events.After(after).WaitAsync(cancellationToken);
}
