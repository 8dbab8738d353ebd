using System.Collections.Immutable;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Orders;

namespace EmergencyStop.Api.Tests.Hosting;

internal sealed partial class MemoryLedger
{
    public Task<EventPage> EventsAsync(EventQuery query, CancellationToken cancellationToken) => Task.FromResult(new EventPage([], 0, 1, 0));

    public Task EventsAfterAsync(long after, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public Task<long> AppendEventAsync(LedgerEvent happened, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<bool> PruneEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<long?> HoldConsumerAsync(string consumer, string holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        throw GrainsOnly();

    public Task<bool> AdvanceConsumerAsync(ConsumerAdvance advance, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<ImmutableArray<EventConsumer>> ConsumersAsync(CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<EventConsumer>.Empty);

    public Task SetAsideAsync(EventSetAside setAside, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task<Page<EventSetAside>> EventsSetAsideAsync(SetAsideQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<EventSetAside>([], null));

    public Task<long> CountSetAsideAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<EventSetAside?> SettleSetAsideAsync(SetAsideChange change, CancellationToken cancellationToken) => Task.FromResult<EventSetAside?>(null);
}
