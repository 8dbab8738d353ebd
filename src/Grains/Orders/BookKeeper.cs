using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using Orleans.Runtime;

namespace EmergencyStop.Grains.Orders;

/// <summary>Keeps a user's book true: takes in what the venue says, polls one that does not tell, asks about unclear orders.</summary>
/// <param name="book">The book.</param>
/// <param name="unclear">How to ask about an unclear order.</param>
/// <param name="schedule">Starts a timer that calls back until it is disposed.</param>
internal sealed class BookKeeper(UserBook book, UnclearOrders unclear, Func<Func<Task>, IGrainTimer> schedule)
{
    private IGrainTimer? _timer;
    private bool _running;

    private bool HasWork => book.HasUnrecorded
        || book.Attested.Any
        || (!book.Venue.Description.PushesUpdates && book.Entries.Count > 0)
        || book.MayBeUnclear;

    /// <summary>Starts the timer when there is something to keep an eye on.</summary>
    public void Keep()
    {
        if (_timer is null && HasWork)
        {
            _timer = schedule(TendAsync);
        }
    }

    /// <summary>Takes in what the venue has told unasked; a stop never stops this (F15).</summary>
    public async Task ObserveAsync(ImmutableArray<VenueOrderReport> reports)
    {
        var now = book.Time.GetUtcNow();
        var evidence = new List<OrderEvidence>(reports.Length);
        foreach (var report in reports)
        {
            if (!OrderId.TryParse(report.ClientOrderId, out var id, out _))
            {
                continue; // Somebody else's order: only a stop that verifies may adopt it.
            }

            var entry = book.Find(id);
            var tellsNothing = entry is not null && report.State == OrderState.Open
                && report.FilledQuantity == entry.Filled && (entry.State == OrderState.Open || entry.Sending is not null);
            if (!tellsNothing)
            {
                evidence.Add(new(id, report.State, now, report.FilledQuantity, report.AveragePrice, report.VenueOrderId, Reason: report.Reason));
            }
        }

        await book.RecordAsync([.. evidence]);
        Keep();
    }

    /// <summary>Refuses a reduce-only order that could take the position past zero with everything in flight (F18).</summary>
    /// <param name="terms">The order's terms.</param>
    /// <param name="itself">The order, where it is in the book already, or the one in whose place it is put: only one of the two ever trades.</param>
    /// <remarks>What worked before the position was read competes as well: it may have traded since, and be gone from the book.</remarks>
    public async Task<PlaceAnswer?> CheckReduceOnlyAsync(OrderTerms terms, OrderId? itself = null)
    {
        var before = Working(terms, itself);
        var reading = await book.Venue.PositionsAsync(book.Account, CancellationToken.None);
        if (reading is Reading<ImmutableArray<VenuePosition>>.Unreadable u)
        {
            return new PlaceAnswer.Unavailable($"The position could not be read ({u.Phase}), so a reduce-only order cannot be checked.");
        }

        var held = reading is Reading<ImmutableArray<VenuePosition>>.Value v ? v.Is : [];
        var position = held.FirstOrDefault(p => p.Symbol == terms.Symbol)?.Quantity ?? 0;
        var working = Working(terms, itself);
        foreach (var (id, remaining) in before)
        {
            working[id] = working.TryGetValue(id, out var now) && Math.Abs(now) > Math.Abs(remaining) ? now : remaining;
        }

        var most = Exposure.Reducible(position, terms.SignedQuantity, working.Values);
        return most >= terms.Quantity
            ? null
            : new PlaceAnswer.Invalid("quantity", $"reduce_only: the position is {position}; with the orders already working at most {most} can be {(terms.Side == OrderSide.Buy ? "bought" : "sold")}.");
    }

    private Dictionary<OrderId, decimal> Working(OrderTerms terms, OrderId? itself) => book.Entries
        .Where(e => e.SymbolText == terms.Symbol.Value && e.Id != itself).ToDictionary(e => e.Id, e => e.SignedRemaining);

    private async Task TendAsync()
    {
        if (_running)
        {
            return; // The last round still waits for a slow venue.
        }

        _running = true;
        try
        {
            await book.RecordLeftoversAsync();
            if (!book.Venue.Description.PushesUpdates)
            {
                await PollAsync();
            }

            foreach (var entry in book.Entries.Where(e => e.IsUnclear).ToArray())
            {
                if (await unclear.AskAsync(entry) is Unclear.Known known)
                {
                    await book.RecordAsync(known.Evidence);
                }
            }
        }
        finally
        {
            _running = false;
            book.MayBeUnclear = book.Entries.Any(e => e.IsUnclear);
        }

        if (!HasWork)
        {
            (_timer as IDisposable)?.Dispose();
            _timer = null;
        }
    }

    /// <summary>One snapshot of the open orders; those of ours that are not in it are asked about one by one.</summary>
    private async Task PollAsync()
    {
        var resting = book.Entries.Where(e => e.State == OrderState.Open && e.Sending is null).Select(e => e.Id).ToArray();
        var reading = await book.Venue.OpenOrdersAsync(book.Account, CancellationToken.None);
        if (reading is Reading<ImmutableArray<VenueOrderReport>>.Unreadable)
        {
            return;
        }

        var open = reading is Reading<ImmutableArray<VenueOrderReport>>.Value v ? v.Is : [];
        await ObserveAsync(open);
        var shown = open.Select(o => o.ClientOrderId).ToHashSet(StringComparer.Ordinal);
        var missing = resting.Where(id => !shown.Contains(id.Value)).ToImmutableArray();
        if (missing.Length > 0)
        {
            var found = await book.Venue.FindOrdersAsync(book.Account, missing, CancellationToken.None);
            foreach (var asked in missing)
            {
                // Followed to another order: what is observed below is about that one.
                if (found.GetValueOrDefault(asked) is Reading<VenueOrderReport>.Value { Is: var other } && !string.Equals(other.ClientOrderId, asked.Value, StringComparison.Ordinal))
                {
                    await book.RecordAsync(await book.ProveAsync(asked, other));
                }
            }

            await ObserveAsync([.. missing.Select(id => found.GetValueOrDefault(id)).OfType<Reading<VenueOrderReport>.Value>().Select(r => r.Is)]);
        }
    }
}
