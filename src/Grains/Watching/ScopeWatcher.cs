using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Watching;

/// <summary>Ends what turns up in one user's account after the gate closed, for as long as a latch holds.</summary>
/// <remarks>
/// Whether the latch holds is decided by the ledger's transaction that adopts the order, not here: an order that is seen
/// while a stop holds and adopted after its release is left alone. What it finds is swept at once; the stop's coordinator
/// is told, and makes the stop whole again.
/// </remarks>
/// <param name="book">The book.</param>
/// <param name="verifier">Knows what a stop is owed.</param>
/// <param name="sweep">Ends these orders for a stop.</param>
/// <param name="tell">Tells a stop's coordinator to make a pass soon.</param>
internal sealed class ScopeWatcher(UserBook book, ScopeVerifier verifier, Func<SweepCommand, Task<SweepReport>> sweep, Func<Stop, Task> tell)
{
    private bool _looking;

    /// <summary>Reads the account and ends what turned up. Does nothing while nobody's latch covers the user, or a look is under way.</summary>
    public async Task<WatchReport> LookAsync()
    {
        if (_looking)
        {
            return Seen(0);
        }

        _looking = true;
        try
        {
            var stops = await StopsAsync();
            if (stops.IsEmpty)
            {
                return Seen(0);
            }

            var reading = await book.Venue.WatchOrdersAsync(book.Account, CancellationToken.None);
            if (reading is Reading<ImmutableArray<VenueOrderReport>>.Unreadable unreadable)
            {
                return new(book.Account, false, $"{unreadable.Phase}: {unreadable.Reason}", 0);
            }

            return Seen(await TakeAsync(stops, reading is Reading<ImmutableArray<VenueOrderReport>>.Value v ? v.Is : []));
        }
        finally
        {
            _looking = false;
        }
    }

    /// <summary>Ends what a venue has told of unasked, where it is nobody's order and a latch covers it.</summary>
    public async Task ConsiderAsync(ImmutableArray<VenueOrderReport> reports)
    {
        if (await StopsAsync() is { IsEmpty: false } stops)
        {
            await TakeAsync(stops, reports);
        }
    }

    /// <summary>Whether a pushed report may be of an order that a stop should end.</summary>
    public bool IsOfInterest(VenueOrderReport report) =>
        book.Ledger.Gate.Held > 0
        && (report.State.IsActive() || report.FilledQuantity > 0)
        && !(OrderId.TryParse(report.ClientOrderId, out var id, out _) && book.Find(id) is not null);

    private WatchReport Seen(int found) => new(book.Account, true, null, found);

    /// <summary>The stops that hold a latch over this user's orders and cancel, by number.</summary>
    private async Task<ImmutableArray<Stop>> StopsAsync()
    {
        var stops = ImmutableArray.CreateBuilder<Stop>();
        foreach (var latch in book.Ledger.Gate.Latches.Where(l => l.Target.User is null || l.Target.User == book.User))
        {
            if (await book.Ledger.FindStopAsync(latch.Stop, CancellationToken.None) is { HoldsLatch: true, Options.CancelOrders: true } stop)
            {
                stops.Add(stop);
            }
        }

        return stops.ToImmutable();
    }

    /// <summary>Adopts or reopens what is owed, ends it, and says how many orders that were.</summary>
    private async Task<int> TakeAsync(ImmutableArray<Stop> stops, ImmutableArray<VenueOrderReport> reports)
    {
        var standing = book.Entries.Select(e => e.VenueOrderId).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<StopId, List<Order>>();
        foreach (var report in reports.Where(r => !standing.Contains(r.VenueOrderId)))
        {
            foreach (var stop in stops)
            {
                if (await verifier.TurnedUpAsync(stop, report) is { } row)
                {
                    (found.TryGetValue(stop.Id, out var rows) ? rows : found[stop.Id] = []).Add(row);
                    break;
                }
            }
        }

        foreach (var stop in stops.Where(s => found.ContainsKey(s.Id)))
        {
            ImmutableArray<Order> active = [.. found[stop.Id].Where(o => o.State.IsActive())];
            if (!active.IsEmpty)
            {
                await sweep(new(stop.Id, stop.Number, active, 1, WholeAccount: false));
            }

            await tell(stop);
        }

        return found.Values.Sum(rows => rows.Count);
    }
}
