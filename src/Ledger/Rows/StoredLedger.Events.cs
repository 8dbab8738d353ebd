using System.Collections.Immutable;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Orders;

namespace EmergencyStop.Ledger.Rows;

/// <content>The outbox, and those to whom its events are delivered.</content>
public abstract partial class StoredLedger
{
    /// <inheritdoc/>
    public Task<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        ReadAsync(session => EventRows.Page(session, query), cancellationToken);

    /// <inheritdoc/>
    public abstract Task EventsAfterAsync(long after, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public Task<long> AppendEventAsync(LedgerEvent happened, CancellationToken cancellationToken) =>
        Normal(new PublishJob(happened), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PruneEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken) =>
        Normal(transaction => EventRows.Prune(transaction.Session, before, most), cancellationToken);

    /// <inheritdoc/>
    public Task<long?> HoldConsumerAsync(string consumer, string holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        Normal(transaction => ConsumerRows.Hold(transaction.Session, consumer, holder, now, until), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AdvanceConsumerAsync(ConsumerAdvance advance, CancellationToken cancellationToken) =>
        Normal(transaction => ConsumerRows.Advance(transaction.Session, advance), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<EventConsumer>> ConsumersAsync(CancellationToken cancellationToken) =>
        ReadAsync(static session => ConsumerRows.All(session).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task SetAsideAsync(EventSetAside setAside, CancellationToken cancellationToken) => Normal(
        transaction =>
        {
            SetAsideRows.Insert(transaction.Session, setAside);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<Page<EventSetAside>> EventsSetAsideAsync(SetAsideQuery query, CancellationToken cancellationToken)
    {
        var limit = Checked(query.Limit, LargestPage, nameof(query.Limit));
        var before = Cursor.Number(query.Cursor);
        return ReadAsync(
            session =>
            {
                var rows = SetAsideRows.Page(session, query, before, limit + 1);
                return rows.Count > limit
                    ? new Page<EventSetAside>([.. rows.Take(limit)], Cursor.Of(rows[limit - 1].Number))
                    : new([.. rows], null);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> CountSetAsideAsync(CancellationToken cancellationToken) => ReadAsync(SetAsideRows.CountWaiting, cancellationToken);

    /// <inheritdoc/>
    public Task<EventSetAside?> SettleSetAsideAsync(SetAsideChange change, CancellationToken cancellationToken) =>
        Normal(transaction => SetAsideRows.Settle(transaction, change), cancellationToken);
}
