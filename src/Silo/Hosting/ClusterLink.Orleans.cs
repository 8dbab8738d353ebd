namespace EmergencyStop.Silo.Hosting;

/// <summary>Starts the client of the cluster beside the service, and tells whether it is up.</summary>
internal sealed partial class ClusterLink(IHostedService[] parts, ILogger<ClusterLink> log) : BackgroundService
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);
    private volatile bool _isUp;

    /// <summary>Whether the cluster has been reached.</summary>
    public bool IsUp => _isUp;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        var wasUp = _isUp;
        _isUp = false;
        await base.StopAsync(cancellationToken);
        if (wasUp)
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bound.CancelAfter(EndWithin);
            await Task.WhenAll(parts.Select(p => p.StopAsync(bound.Token))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The service's start goes on.
        try
        {
            foreach (var part in parts)
            {
                await part.StartAsync(stoppingToken);
            }

            _isUp = true;
            LogUp();
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends before it was up.
        }
    }

    [LoggerMessage(EventIds.ClusterReached, LogLevel.Information, "The cluster is reached: orders are taken")]
    private partial void LogUp();
}
