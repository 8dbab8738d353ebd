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
    private long _began; // The last look.
    private WatchReport? _last;

    /// <summary>Reads the account and ends what turned up. Does nothing while nobody's latch covers the user, or a look is under way.</summary>
    /// <param name="every">
    /// How often to read it. Every process asks, each at its own times, and the venue counts the calls of the account: within
    /// half of this time of the last look there is none, and no more than the whole of it passes between two.
    /// </param>
    public async Task<WatchReport> LookAsync(TimeSpan every)
    {
        if (_looking || !book.Ledger.Gate.Latches.Any(l => l.Target.User is null || l.Target.User == book.User))
        {
            return Seen(0);
        }

        if (_last is { } last && book.Time.GetElapsedTime(_began) < every / 2)
        {
            return last with { Found = 0 };
        }

        (_looking, _began, _last) = (true, book.Time.GetTimestamp(), null); // One that fails is none.
        try
        {
            var reading = await book.Venue.WatchOrdersAsync(book.Account, CancellationToken.None);
            return _last = reading is Reading<ImmutableArray<VenueOrderReport>>.Unreadable unreadable
                ? new(book.Account, false, $"{unreadable.Phase}: {unreadable.Reason}", 0)
                : Seen(await ConsiderAsync(reading is Reading<ImmutableArray<VenueOrderReport>>.Value v ? v.Is : []));
        }
        finally
        {
            _looking = false;
        }
    }

    /// <summary>Adopts or reopens what is owed to a stop that holds, ends it, and says how many orders that were.</summary>
    /// <param name="reports">What a venue shows, or has told of unasked.</param>
    public async Task<int> ConsiderAsync(ImmutableArray<VenueOrderReport> reports)
    {
        var standing = book.Entries.Select(e => e.VenueOrderId).ToHashSet(StringComparer.Ordinal);
        VenueOrderReport[] strange = [.. reports.Where(r => !standing.Contains(r.VenueOrderId))];
        if (strange.Length == 0 || await StopsAsync() is not { IsEmpty: false } stops)
        {
            return 0;
        }

        var found = new Dictionary<StopId, List<Order>>();
        foreach (var report in strange)
        {
            if (await verifier.TurnedUpAsync(stops, report) is var (stop, row))
            {
                (found.TryGetValue(stop.Id, out var rows) ? rows : found[stop.Id] = []).Add(row);
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

    /// <summary>Whether a pushed report may be of an order that a stop should end.</summary>
    public bool IsOfInterest(VenueOrderReport report) =>
        book.Ledger.Gate.Held > 0
        && (report.State.IsActive() || report.FilledQuantity > 0)
        && !(OrderId.TryParse(report.ClientOrderId, out var id, out _) && book.Find(id) is not null);

    private WatchReport Seen(int found) => new(book.Account, true, null, found);

    /// <summary>The stops that hold a latch over this user's orders and cancel, by number.</summary>
    private async Task<ImmutableArray<Stop>> StopsAsync() =>
        [.. (await book.Ledger.HoldingStopsAsync(book.User, CancellationToken.None)).Where(s => s.Options.CancelOrders)];
}
