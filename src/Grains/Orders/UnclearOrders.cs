using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>Finds out what became of an order that nobody in this process has sent, or whose answer was lost (law 4).</summary>
internal sealed class UnclearOrders(UserBook book)
{
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks the venue; concludes <c>never_sent</c> only after the send window × 1.1 and the visibility bound, on the second no.</summary>
    public async Task<Unclear> AskAsync(BookEntry entry)
    {
        var first = await AskOnceAsync(entry);
        if (first is not Reading<VenueOrderReport>.Absent)
        {
            return await ReadAsync(entry, first);
        }

        var wait = book.Options.UnclearWait(book.Venue.Description.VisibilityBound);
        var since = entry.UnclearSince ??= book.Time.GetTimestamp();
        var left = wait - book.Time.GetElapsedTime(since);
        if (left > TimeSpan.Zero)
        {
            return new Unclear.Wait("send_window", "it may still be on its way; its send window is not over", book.Time.GetUtcNow() + left);
        }

        await Task.Delay(BetweenAsks, book.Time);
        var second = await AskOnceAsync(entry);
        return second is Reading<VenueOrderReport>.Absent
            ? new Unclear.Known(Inferred(entry), Inferred: true)
            : await ReadAsync(entry, second);
    }

    private async Task<Reading<VenueOrderReport>> AskOnceAsync(BookEntry entry)
    {
        if (entry.Replaces is not { } old)
        {
            return (await book.Venue.FindOrdersAsync(entry.Account, [entry.Id], CancellationToken.None))[entry.Id];
        }

        // A replacement is asked about by both ids: where the one before it leads elsewhere, it leads to this one.
        var readings = await book.Venue.FindOrdersAsync(entry.Account, [entry.Id, old], CancellationToken.None);
        var led = readings[old] is Reading<VenueOrderReport>.Value { Is.ClientOrderId: var shown } && !string.Equals(shown, old.Value, StringComparison.Ordinal);
        return (readings[entry.Id], readings[old]) switch
        {
            (Reading<VenueOrderReport>.Absent, Reading<VenueOrderReport>.Value) when led => readings[old],
            (Reading<VenueOrderReport>.Absent, Reading<VenueOrderReport>.Unreadable) => readings[old],
            _ => readings[entry.Id],
        };
    }

    private async ValueTask<Unclear> ReadAsync(BookEntry entry, Reading<VenueOrderReport> reading) => reading switch
    {
        Reading<VenueOrderReport>.Value v => new Unclear.Known(await book.ProveAsync(entry.Id, v.Is), Inferred: false),
        Reading<VenueOrderReport>.Unreadable u => new Unclear.Wait(u.Phase.ToString().ToLowerInvariant(), u.Reason, book.Time.GetUtcNow()),
        _ => throw new InvalidOperationException("An absent order is concluded by its caller."),
    };

    private OrderEvidence Inferred(BookEntry entry) => new(
        entry.Id, OrderState.NeverSent, book.Time.GetUtcNow(), Reason: OrderEvidence.Inferred + "the venue did not know it twice after its send window");
}

/// <summary>What asking about an unclear order came to.</summary>
internal abstract record Unclear
{
    /// <summary>It is known now.</summary>
    public sealed record Known(OrderEvidence Evidence, bool Inferred) : Unclear;

    /// <summary>Ask again, not before the given time.</summary>
    public sealed record Wait(string Phase, string Reason, DateTimeOffset Until) : Unclear;
}
