using System.Collections.Immutable;
using System.Threading.Channels;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace EmergencyStop.Grains.Orders;

/// <summary>Carries what a venue tells unasked to the users' grains, in order per account.</summary>
/// <remarks>
/// At most one call an account is under way, and what comes meanwhile waits behind it: a grain that is slow, or a call that
/// is lost and waited for until the runtime's timeout (30 s), keeps no other account waiting. A call that fails is made
/// again, as its grain may live elsewhere by then; that a report arrives twice is harmless.
/// </remarks>
public sealed partial class VenueUpdatePump(IVenue venue, IAccountMap accounts, IGrainFactory grains, ILogger<VenueUpdatePump> log)
    : BackgroundService, IVenueObserver
{
    private const int MostQueued = 1_000_000;
    private const int MostInACall = 1024;
    private const int MostTries = 3;

    private readonly Channel<VenueOrderReport> _queue = Channel.CreateUnbounded<VenueOrderReport>(new() { SingleReader = true });
    private readonly Dictionary<AccountId, Lane> _lanes = []; // Locked by whoever touches it, or a lane.
    private int _waiting;

    /// <inheritdoc/>
    public void OnOrder(VenueOrderReport report)
    {
        if (Interlocked.Increment(ref _waiting) > MostQueued)
        {
            Interlocked.Decrement(ref _waiting);
            LogOverflowed(MostQueued);
            return;
        }

        _queue.Writer.TryWrite(report);
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
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                foreach (var (account, lane) in Sort())
                {
                    lane.Delivering = DeliverAllAsync(account, lane, stoppingToken);
                }
            }
        }
        finally
        {
            await Task.WhenAll(Delivering());
        }
    }

    /// <summary>Puts what is there into its lanes.</summary>
    /// <returns>The lanes in which nothing was under way.</returns>
    private List<(AccountId Account, Lane Lane)> Sort()
    {
        var idle = new List<(AccountId, Lane)>();
        lock (_lanes)
        {
            while (_queue.Reader.TryRead(out var report))
            {
                if (!_lanes.TryGetValue(report.Account, out var lane))
                {
                    _lanes[report.Account] = lane = new();
                    idle.Add((report.Account, lane));
                }

                lane.Reports.Enqueue(report);
            }
        }

        return idle;
    }

    private async Task DeliverAllAsync(AccountId account, Lane lane, CancellationToken stoppingToken)
    {
        for (var reports = Take(account, lane); !reports.IsEmpty && !stoppingToken.IsCancellationRequested; reports = Take(account, lane))
        {
            await DeliverAsync(account, reports, stoppingToken);
        }
    }

    /// <summary>What goes out in the next call; where there is nothing, the lane ends.</summary>
    private ImmutableArray<VenueOrderReport> Take(AccountId account, Lane lane)
    {
        lock (_lanes)
        {
            var reports = ImmutableArray.CreateBuilder<VenueOrderReport>(Math.Min(lane.Reports.Count, MostInACall));
            while (reports.Count < MostInACall && lane.Reports.TryDequeue(out var report))
            {
                reports.Add(report);
            }

            if (reports.Count == 0)
            {
                _lanes.Remove(account);
            }

            Interlocked.Add(ref _waiting, -reports.Count);
            return reports.DrainToImmutable();
        }
    }

    private async Task DeliverAsync(AccountId account, ImmutableArray<VenueOrderReport> reports, CancellationToken stoppingToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await grains.GetGrain<IUserGrain>(accounts.UserOf(account).Value).ObserveAsync(reports);
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (attempt == MostTries || stoppingToken.IsCancellationRequested)
                {
                    LogFailed(e, account, reports.Length);
                    return;
                }
            }
        }
    }

    private Task[] Delivering()
    {
        lock (_lanes)
        {
            return [.. _lanes.Values.Select(l => l.Delivering)];
        }
    }

    [LoggerMessage(EventIds.UpdatesFailed, LogLevel.Error, "{Reports} venue reports for {Account} could not be delivered; the next sweep or poll reads them from the venue")]
    private partial void LogFailed(Exception e, AccountId account, int reports);

    [LoggerMessage(EventIds.UpdatesOverflowed, LogLevel.Error, "More than {Most} venue reports wait; one was dropped, and the next sweep reads it from the venue")]
    private partial void LogOverflowed(int most);

    /// <summary>What waits for one account, while a call is under way.</summary>
    private sealed class Lane
    {
        public Queue<VenueOrderReport> Reports { get; } = [];

        public Task Delivering { get; set; } = Task.CompletedTask;
    }
}
