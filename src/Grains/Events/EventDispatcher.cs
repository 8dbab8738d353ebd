using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Events;

/// <summary>Delivers recorded events to the handlers of this process, to each by itself.</summary>
public sealed class EventDispatcher(
    IEnumerable<IEventHandler> handlers, ILedger ledger, IIdSource ids, TimeProvider time, IOptions<EventOptions> options, ILogger<EventDispatcher> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var holder = $"{Environment.MachineName}/{Environment.ProcessId}/{ids.NewStopId()}"; // A process that comes after this one is another.
        var named = handlers.ToArray();
        if (named.Select(h => h.Name).Distinct(StringComparer.Ordinal).Count() != named.Length)
        {
            throw new InvalidOperationException("Two handlers of events have one name: they would share a position, and each would miss events.");
        }

        return Task.WhenAll(named.Select(h => new EventDelivery(h, holder, ledger, time, options.Value, log).RunAsync(stoppingToken)));
    }
}
