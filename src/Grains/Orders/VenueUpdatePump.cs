using System.Collections.Immutable;
using System.Threading.Channels;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace EmergencyStop.Grains.Orders;

/// <summary>Carries what a venue tells unasked to the users' grains, in order per user.</summary>
public sealed partial class VenueUpdatePump(IVenue venue, IAccountMap accounts, IGrainFactory grains, ILogger<VenueUpdatePump> log)
    : BackgroundService, IVenueObserver
{
    private const int MostQueued = 1_000_000;
    private const int MostAtOnce = 1024;

    private readonly Channel<VenueOrderReport> _queue =
        Channel.CreateBounded<VenueOrderReport>(new BoundedChannelOptions(MostQueued) { SingleReader = true });

    /// <inheritdoc/>
    public void OnOrder(VenueOrderReport report)
    {
        if (!_queue.Writer.TryWrite(report))
        {
            LogOverflowed(MostQueued);
        }
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (venue.Description.PushesUpdates)
        {
            venue.Subscribe(this);
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<VenueOrderReport>(MostAtOnce);
        while (await _queue.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && _queue.Reader.TryRead(out var report))
            {
                batch.Add(report);
            }

            // One batch after the other keeps the order; within a batch each user's reports stay together.
            await Task.WhenAll(batch.GroupBy(r => r.Account).Select(g => DeliverAsync(accounts.UserOf(g.Key).Value, [.. g])));
        }
    }

    private async Task DeliverAsync(string user, ImmutableArray<VenueOrderReport> reports)
    {
        try
        {
            await grains.GetGrain<IUserGrain>(user).ObserveAsync(reports);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e, user, reports.Length);
        }
    }

    [LoggerMessage(EventIds.UpdatesFailed, LogLevel.Error, "{Reports} venue reports for {UserId} could not be delivered; the next sweep or poll reads them from the venue")]
    private partial void LogFailed(Exception e, string userId, int reports);

    [LoggerMessage(EventIds.UpdatesOverflowed, LogLevel.Error, "More than {Most} venue reports wait; one was dropped, and the next sweep reads it from the venue")]
    private partial void LogOverflowed(int most);
}
