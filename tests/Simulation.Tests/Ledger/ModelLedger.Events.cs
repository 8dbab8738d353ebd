using System.Collections.Immutable;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>The outbox, and those to whom its events are delivered.</content>
public sealed partial class ModelLedger
{
    /// <inheritdoc/>
    public Task<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        Read("events", () => _store.EventsAfter(query), cancellationToken);

    /// <inheritdoc/>
    public async Task EventsAfterAsync(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (last, next) = await Read("last event", () => (_store.LastEvent, _store.NextEvent), cancellationToken).ConfigureAwait(false);
            if (last > after)
            {
                return;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<long> AppendEventAsync(LedgerEvent happened, CancellationToken cancellationToken) =>
        Commit("append event", () => _store.AppendEvent(happened), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PruneEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken) =>
        Commit("prune events", () => _store.PruneEvents(before, most), cancellationToken);

    /// <inheritdoc/>
    public Task<long?> HoldConsumerAsync(string consumer, string holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        Commit("hold consumer", () => _store.HoldConsumer(consumer, holder, now, until), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AdvanceConsumerAsync(ConsumerAdvance advance, CancellationToken cancellationToken) =>
        Commit("advance consumer", () => _store.AdvanceConsumer(advance), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<EventConsumer>> ConsumersAsync(CancellationToken cancellationToken) =>
        Read("consumers", () => _store.Consumers, cancellationToken);

    /// <inheritdoc/>
    public Task SetAsideAsync(EventSetAside setAside, CancellationToken cancellationToken) =>
        Commit("set aside", () => _store.SetAside(setAside), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<EventSetAside>> EventsSetAsideAsync(SetAsideQuery query, CancellationToken cancellationToken)
    {
        _ = Checked(query.Limit, nameof(query.Limit));
        var before = Cursor.Number(query.Cursor);
        return Read("events set aside", () => _store.SetAsidePage(query, before), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> CountSetAsideAsync(CancellationToken cancellationToken) =>
        Read("count set aside", () => _store.SetAsideWaiting, cancellationToken);

    /// <inheritdoc/>
    public Task<EventSetAside?> SettleSetAsideAsync(SetAsideChange change, CancellationToken cancellationToken) =>
        Commit("settle set aside", () => _store.SettleSetAside(change), cancellationToken);
}
