using EmergencyStop.Ledger;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Notes the ledger's number once a second while it grows, and once more at the end.</summary>
internal sealed partial class NumberNotes(ILedger ledger, NumberSeen seen, TimeProvider time, ILogger<NumberNotes> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private long _noted = -1;
    private bool _fails;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Note();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Note();
            try
            {
                await Task.Delay(Every, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Note()
    {
        var number = ledger.Gate.Number;
        if (number <= _noted)
        {
            return;
        }

        try
        {
            seen.Write(number);
            (_noted, _fails) = (number, false);
        }
        catch (IOException e)
        {
            if (!_fails)
            {
                LogFailed(e, number);
            }

            _fails = true;
        }
    }

    [LoggerMessage(EventIds.NumberNotNoted, LogLevel.Error, "The ledger's number {Number} cannot be noted beside it; a rollback of the ledger to before it may go unseen")]
    private partial void LogFailed(Exception e, long number);
}
