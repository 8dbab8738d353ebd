using EmergencyStop.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Braking;

/// <summary>Says once that the ledger is down and once that it is back, and ends the help that stops had meanwhile.</summary>
public sealed partial class LedgerWatch(
    ILedger ledger, StopBrake brake, TimeProvider time, IOptions<BrakeOptions> options, ILogger<LedgerWatch> log) : BackgroundService
{
    private bool _down;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Note(await ledger.HealthAsync(stoppingToken));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                Note(new(string.Empty, false, "It cannot be asked."));
            }

            await Task.Delay(options.Value.WatchEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(LedgerHealth health)
    {
        if (health.Writable)
        {
            brake.EndHelp();
        }

        if (health.Writable == !_down)
        {
            return;
        }

        _down = !health.Writable;
        if (_down)
        {
            LogDown(health.Why ?? "It cannot be written.");
        }
        else
        {
            LogBack();
        }
    }

    [LoggerMessage(EventIds.LedgerDown, LogLevel.Critical, "The ledger is DOWN: every order is refused; stops still cancel at the venues and are spooled. {Why}")]
    private partial void LogDown(string why);

    [LoggerMessage(EventIds.LedgerBack, LogLevel.Warning, "The ledger is back: spooled stops are recorded now, and orders are taken again after that")]
    private partial void LogBack();
}
