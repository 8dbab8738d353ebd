using Microsoft.Extensions.Hosting;

namespace EmergencyStop.Venues.Simulated;

/// <summary>Lets the simulated market take its steps while the host runs.</summary>
public sealed class MarketTicker(SimulatedMarket market, SimulatedOptions options, TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.TickEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            market.Tick();
        }
    }
}
