using EmergencyStop.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains.Events;

/// <summary>Drops old events, a short stretch a commit.</summary>
public sealed partial class EventPruning(ILedger ledger, TimeProvider time, IOptions<EventOptions> options, ILogger<EventPruning> log) : BackgroundService
{
    /// <summary>Stretches of one round; the rest is left to the next, so that orders find room between them.</summary>
    private const int MostStretches = 200;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PruneEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await PruneAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private async Task PruneAsync(CancellationToken stoppingToken)
    {
        try
        {
            var before = time.GetUtcNow() - options.Value.KeepFor;
            for (var i = 0; i < MostStretches && await ledger.PruneEventsAsync(before, options.Value.KeepAtMost, stoppingToken); i++)
            {
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (LedgerUnavailableException e)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(EventIds.PruningFailed, LogLevel.Warning, "Old events could not be dropped; it is tried again")]
    private partial void LogFailed(Exception e);
}
