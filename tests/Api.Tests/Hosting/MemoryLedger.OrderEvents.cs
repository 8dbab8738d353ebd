using EmergencyStop.Ledger.Orders;

namespace EmergencyStop.Api.Tests.Hosting;

internal sealed partial class MemoryLedger
{
    public Task<OrderEventPage> OrderEventsAsync(OrderEventQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new OrderEventPage([], 0, 1, 0));

    public Task<OrderCountPage> OrderCountsAsync(long after, CancellationToken cancellationToken) => throw GrainsOnly();

    public Task OrderEventsAfterAsync(long after, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public Task<bool> PruneOrderEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken) => throw GrainsOnly();
}
