using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>Brings orders to a proven end: takes back what was not written, cancels what rests, asks about what is unclear.</summary>
internal sealed class OrderEnder(UserBook book, UnclearOrders unclear)
{
    private static readonly TimeSpan FirstAsk = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestAsk = TimeSpan.FromMilliseconds(250);

    /// <summary>When the last cancel left (UTC).</summary>
    public DateTimeOffset? LastCancelSentAt { get; private set; }

    /// <summary>The first act on an order: it ends in proof, in a cancel to be confirmed, or unmet.</summary>
    public async Task<Ending> BeginAsync(Order row)
    {
        var started = book.Time.GetTimestamp();
        if (book.Find(row.Id)?.Sending is { } sending)
        {
            if (sending.Permit.TryRevoke())
            {
                return Proven(row, started, new(row.Id, OrderState.NeverSent, book.Time.GetUtcNow(), Reason: "attested: a stop took it back before it was written"));
            }

            await WaitForSenderAsync(sending);
        }

        if (book.Attested.Of(row.Id) is { } attested)
        {
            return Proven(row, started, attested);
        }

        // After the wait the order may have ended, or this activation may never have known it: the ledger says.
        var entry = book.Find(row.Id);
        if (entry is null && row.State != OrderState.Open)
        {
            var fresh = await book.Ledger.FindOrderAsync(row.Id, CancellationToken.None) ?? row;
            if (!fresh.State.IsActive())
            {
                return new Ending.Proven(fresh, started, null, fresh.State, fresh.FilledQuantity);
            }

            row = fresh;
        }

        entry ??= book.Apply(row) ?? throw new InvalidOperationException($"Order {row.Id} has ended and is swept.");
        return entry.IsUnclear ? await BeginUnclearAsync(row, entry, started) : await CancelAsync(row, entry, started);
    }

    /// <summary>Asks for the orders behind sent cancels until each is ended or <see cref="OrderOptions.ConfirmWait"/> is over.</summary>
    public async Task<IReadOnlyList<Ending>> ConfirmAsync(IEnumerable<Ending.Confirming> sent)
    {
        var open = sent.ToDictionary(c => c.Row.Id);
        var done = new List<Ending>(open.Count);
        var began = book.Time.GetTimestamp();
        var pause = FirstAsk;
        while (open.Count > 0)
        {
            ImmutableArray<OrderId> asked = [.. open.Keys];
            var readings = await book.Venue.FindOrdersAsync(book.Account, asked, CancellationToken.None);
            var last = book.Time.GetElapsedTime(began) + pause > book.Options.ConfirmWait;
            foreach (var id in asked)
            {
                if (open.TryGetValue(id, out var c) && readings.TryGetValue(id, out var reading) && (await ReplacedAsync(c, reading) ?? Judge(c, reading, last)) is { } ending)
                {
                    open.Remove(id);
                    done.Add(ending);
                }
            }

            if (open.Count > 0)
            {
                await Task.Delay(pause, book.Time);
                pause = pause * 2 < LongestAsk ? pause * 2 : LongestAsk;
            }
        }

        return await ReadHoursAsync(done);
    }

    /// <summary>An order that is still open where the market is closed is tried again at the opening (F24).</summary>
    private async Task<List<Ending>> ReadHoursAsync(List<Ending> done)
    {
        static bool MayWait(Ending ending) => ending is Ending.Unmet { Kind: OutcomeKind.Failed, Row.Terms.Symbol.Pair: null };
        if (!done.Exists(MayWait) || await book.Venue.ClockAsync(book.Account, CancellationToken.None) is not Reading<MarketClock>.Value clock)
        {
            return done;
        }

        return done.ConvertAll(ending => ending is Ending.Unmet unmet && MayWait(unmet) && clock.Is.ClosedUntil(unmet.Row.Terms.Symbol) is { } opens
            ? unmet with { Phase = "market_closed", Reason = $"the market is closed; it opens at {opens:u}; {unmet.Reason}", NextTry = opens }
            : ending);
    }

    private async Task WaitForSenderAsync(Sending sending)
    {
        try
        {
            await sending.Done.Task.WaitAsync(book.Options.SendWindow + book.Options.ConfirmWait, book.Time);
        }
        catch (TimeoutException)
        {
            // The sender is stuck past its window; the order stays unknown and is asked about in the next pass.
        }
    }

    private async Task<Ending> BeginUnclearAsync(Order row, BookEntry entry, long started)
    {
        switch (await unclear.AskAsync(entry))
        {
            case Unclear.Wait w:
                return new Ending.Unmet(row, started, OutcomeKind.Unknown, w.Phase, w.Reason, w.Until);
            case Unclear.Known { Evidence.State: OrderState.Open } open:
                await book.RecordAsync(open.Evidence);
                return book.Find(row.Id) is { } now
                    ? await CancelAsync(row, now, started)
                    : new Ending.Unmet(row, started, OutcomeKind.Unknown, "record", "its end was recorded meanwhile");
            case Unclear.Known known:
                return Proven(row, started, known.Evidence, known.Inferred);
            default:
                throw new InvalidOperationException("This answer about an unclear order is not known.");
        }
    }

    private async Task<Ending> CancelAsync(Order row, BookEntry entry, long started)
    {
        LastCancelSentAt = book.Time.GetUtcNow();
        var outcome = await book.Venue.CancelAsync(entry.Account, entry.Id, entry.VenueOrderId ?? row.VenueOrderId, CancellationToken.None);
        return outcome switch
        {
            CancelOutcome.Reported r when !r.Report.State.IsActive() => Proven(row, started, await book.ProveAsync(entry.Id, r.Report)),
            CancelOutcome.Reported => new Ending.Confirming(row, started, entry, "the venue still showed it open"),
            CancelOutcome.Accepted => new Ending.Confirming(row, started, entry, "the venue has accepted the cancel"),
            CancelOutcome.NotCancelable n => new Ending.Confirming(row, started, entry, $"the venue would not cancel it: {n.Reason}"),
            CancelOutcome.NotFound => new Ending.Confirming(row, started, entry, "the venue did not find it"),
            CancelOutcome.Unknown u => new Ending.Confirming(row, started, entry, $"the cancel went unanswered ({u.Phase}): {u.Reason}"),
            _ => throw new InvalidOperationException($"Cancel outcome {outcome.GetType().Name} is not known."),
        };
    }

    /// <summary>An order of ours in its place has an end of its own to come to; this one is at its.</summary>
    private async ValueTask<Ending?> ReplacedAsync(Ending.Confirming c, Reading<VenueOrderReport> reading) =>
        reading is Reading<VenueOrderReport>.Value v && await book.ProveAsync(c.Entry.Id, v.Is) is { State: OrderState.Replaced } evidence
            ? Proven(c.Row, c.Started, evidence)
            : null;

    private Ending? Judge(Ending.Confirming c, Reading<VenueOrderReport> reading, bool last) => reading switch
    {
        Reading<VenueOrderReport>.Value v when !v.Is.State.IsActive() =>
            Proven(c.Row, c.Started, Evidence.Of(c.Entry.Id, v.Is, book.Time.GetUtcNow())),
        // One that the venue has never shown may still be on its way: that is asked about after its send window.
        Reading<VenueOrderReport>.Absent when book.Venue.Description.OrdersDieWithSession && (c.Entry.VenueOrderId ?? c.Row.VenueOrderId) is not null => Proven(
            c.Row, c.Started, new(c.Row.Id, OrderState.Ended, book.Time.GetUtcNow(), Reason: "ended with the venue's session")),
        _ when !last => null,
        Reading<VenueOrderReport>.Value => new Ending.Unmet(c.Row, c.Started, OutcomeKind.Failed, "confirm", $"it is still open at the venue; {c.Said}"),
        Reading<VenueOrderReport>.Absent => new Ending.Unmet(c.Row, c.Started, OutcomeKind.Unknown, "confirm", $"the venue shows no such order; {c.Said}"),
        Reading<VenueOrderReport>.Unreadable u => new Ending.Unmet(
            c.Row, c.Started, OutcomeKind.Unknown, u.Phase.ToString().ToLowerInvariant(), $"the venue could not be read: {u.Reason}; {c.Said}"),
        _ => throw new InvalidOperationException("This reading is not known."),
    };

    private static Ending.Proven Proven(Order row, long started, OrderEvidence evidence, bool inferred = false) =>
        new(row, started, evidence, evidence.State, Math.Max(row.FilledQuantity, evidence.FilledQuantity), inferred);
}
