using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>Reads the venue after the gate closed: what it still works in a stop's scope is swept again (F1).</summary>
internal sealed class ScopeVerifier(UserBook book)
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

    private async Task<Order?> OwedRowAsync(Stop stop, VenueOrderReport report)
    {
        if (!InBook(stop.Target, report))
        {
            return null;
        }

        var row = OrderId.TryParse(report.ClientOrderId, out var id, out _)
            ? await book.Ledger.FindOrderAsync(id, CancellationToken.None)
            : null;
        if (row is not null)
        {
            return await OwedAsync(stop, row, report);
        }

        // Nobody's row: it belongs to every scope but STRATEGY, and only a held latch may adopt it.
        return stop.Target.Scope == EmergencyStopScope.Strategy || !stop.HoldsLatch
            ? null
            : Taken(await book.Ledger.AdoptAsync(stop.Id, book.User, report, book.Time.GetUtcNow(), CancellationToken.None));
    }

    private async Task<Order?> OwedAsync(Stop stop, Order row, VenueOrderReport report)
    {
        var keeps = stop.Options.KeepProtective && row.Terms.Protective;
        if (row.Origin == OrderOrigin.Closing || keeps || !stop.Owes(row))
        {
            return null;
        }

        // The venue shows it open: that is evidence, and it reopens an order that was thought never sent.
        var rows = await book.RecordAsync(new OrderEvidence(
            row.Id, OrderState.Open, book.Time.GetUtcNow(), report.FilledQuantity, report.AveragePrice, report.VenueOrderId));
        return rows is [var now, ..] && now.State.IsActive() ? now : null;
    }

    private Order? Taken(Order? adopted)
    {
        if (adopted is not null)
        {
            book.Apply(adopted);
        }

        return adopted is not null && adopted.State.IsActive() ? adopted : null;
    }

    private static bool InBook(StopTarget target, VenueOrderReport report) => target.Symbol is not { } symbol || report.Symbol == symbol;
}
