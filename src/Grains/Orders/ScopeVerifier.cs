using System.Collections.Immutable;
using EmergencyStop.Grains.Watching;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>Reads the venue after the gate closed: what it still works in a stop's scope is swept again (F1).</summary>
internal sealed class ScopeVerifier(UserBook book, ForeignOrders foreign)
{
    /// <summary>One snapshot, compared with the ledger; orders placed past the service are adopted.</summary>
    public async Task<VerifyReport> VerifyAsync(Stop stop)
    {
        var reading = await book.Venue.OpenOrdersAsync(book.Account, CancellationToken.None);
        if (reading is Reading<ImmutableArray<VenueOrderReport>>.Unreadable unreadable)
        {
            return new(book.Account, false, $"{unreadable.Phase}: {unreadable.Reason}", []);
        }

        var still = ImmutableArray.CreateBuilder<Order>();
        foreach (var report in reading is Reading<ImmutableArray<VenueOrderReport>>.Value v ? v.Is : [])
        {
            if (await OwedRowAsync(stop, report) is { } row)
            {
                still.Add(row);
            }
        }

        return new(book.Account, true, null, still.ToImmutable());
    }

    /// <summary>An order that nobody works on, if it is owed to one of these stops: adopted by this call, or thought ended and shown open.</summary>
    /// <returns>The first stop that it is owed to, and its row; <c>null</c> where it is owed to none.</returns>
    public async Task<(Stop Stop, Order Row)?> TurnedUpAsync(ImmutableArray<Stop> stops, VenueOrderReport report)
    {
        ImmutableArray<Stop> over = [.. stops.Where(s => InBook(s.Target, report))];
        if (over.IsEmpty)
        {
            return null;
        }

        if (await RowAsync(report) is not { } row)
        {
            return await AdoptedAsync(over, report);
        }

        if (row.State.IsActive() || !report.State.IsActive())
        {
            return null;
        }

        foreach (var stop in over)
        {
            if (await OwedAsync(stop, row, report) is { } owed)
            {
                return (stop, owed);
            }
        }

        return null;
    }

    private async Task<(Stop Stop, Order Row)?> AdoptedAsync(ImmutableArray<Stop> stops, VenueOrderReport report)
    {
        foreach (var stop in stops)
        {
            if (await foreign.AdoptAsync(stop, report) is { } row)
            {
                return row.Origin == OrderOrigin.Adopted && row.Stop == stop.Id ? (stop, row) : null; // Or it is somebody's by now.
            }
        }

        return null;
    }

    private async Task<Order?> OwedRowAsync(Stop stop, VenueOrderReport report)
    {
        if (!InBook(stop.Target, report))
        {
            return null;
        }

        if (await RowAsync(report) is { } row)
        {
            return await OwedAsync(stop, row, report);
        }

        // Nobody's row: only a held latch may adopt it.
        var adopted = await foreign.AdoptAsync(stop, report);
        return adopted is not null && adopted.State.IsActive() ? adopted : null;
    }

    private async ValueTask<Order?> RowAsync(VenueOrderReport report) => OrderId.TryParse(report.ClientOrderId, out var id, out _)
        && await book.Ledger.FindOrderAsync(id, CancellationToken.None) is { } row && row.Account == book.Account
            ? row
            : null;

    private async Task<Order?> OwedAsync(Stop stop, Order row, VenueOrderReport report)
    {
        var keeps = stop.Options.KeepProtective && row.Terms.Protective;
        var mine = stop.Owes(row) || (row.Origin == OrderOrigin.Adopted && row.Stop == stop.Id && stop.Covers(row.Terms));
        if (row.Origin == OrderOrigin.Closing || keeps || !mine)
        {
            return null;
        }

        // The venue shows it open: that is evidence, and it reopens an order that was thought never sent.
        var rows = await book.RecordAsync(new OrderEvidence(
            row.Id, OrderState.Open, book.Time.GetUtcNow(), report.FilledQuantity, report.AveragePrice, report.VenueOrderId));
        return rows is [var now, ..] && now.State.IsActive() ? now : null;
    }

    private static bool InBook(StopTarget target, VenueOrderReport report) => target.Symbol is not { } symbol || report.Symbol == symbol;
}
