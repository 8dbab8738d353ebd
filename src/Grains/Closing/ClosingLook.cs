using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Closing;

/// <summary>One fresh look at a symbol: the position, what still works on it, the price.</summary>
/// <param name="Position">Signed position at the venue.</param>
/// <param name="Attributed">For a STRATEGY stop: the strategy's signed part; with carved-out strategies: the part that is not theirs.</param>
/// <param name="InScope">Signed remaining quantities working in the stop's scope, kept protective ones left out.</param>
/// <param name="Others">The same outside the scope.</param>
/// <param name="Kept">Kept protective orders that could trade beside a closing order and take the position past zero.</param>
/// <param name="Price">The last price, if told.</param>
/// <param name="Unreadable">The phase in which reading failed.</param>
/// <param name="Why">Why it did.</param>
internal sealed record ClosingLook(
    decimal Position,
    decimal? Attributed,
    IReadOnlyCollection<decimal> InScope,
    IReadOnlyCollection<decimal> Others,
    IReadOnlyCollection<Order> Kept,
    decimal? Price,
    string? Unreadable = null,
    string? Why = null)
{
    /// <summary>Reads the venue and, for a STRATEGY stop, the ledger.</summary>
    public static async Task<ClosingLook> ReadAsync(UserBook book, Stop stop, Symbol symbol)
    {
        var orders = await book.Venue.OpenOrdersAsync(book.Account, CancellationToken.None);
        var positions = await book.Venue.PositionsAsync(book.Account, CancellationToken.None);
        if (orders is Reading<ImmutableArray<VenueOrderReport>>.Unreadable u)
        {
            return Failed(u.Phase, u.Reason);
        }

        if (positions is Reading<ImmutableArray<VenuePosition>>.Unreadable w)
        {
            return Failed(w.Phase, w.Reason);
        }

        var held = Of(positions).FirstOrDefault(p => p.Symbol == symbol);
        var (inScope, others, kept) = await SplitAsync(book, stop, [.. Of(orders).Where(o => o.Symbol == symbol)]);
        var attributed = await AttributedAsync(book, stop, symbol, held?.Quantity ?? 0);
        var price = held?.CurrentPrice;
        if (price is null && held is not null)
        {
            price = await book.Venue.PriceAsync(book.Account, symbol, CancellationToken.None) is Reading<decimal>.Value v ? v.Is : null;
        }

        return new(held?.Quantity ?? 0, attributed, inScope, others, kept, price);
    }

    /// <summary>The part to close: a STRATEGY stop's own; for any other, what carved-out strategies do not hold; <c>null</c> for all of it.</summary>
    private static async Task<decimal?> AttributedAsync(UserBook book, Stop stop, Symbol symbol, decimal position)
    {
        if (stop.Target.Strategy is { } strategy)
        {
            return (await book.Ledger.PositionsAsync(book.User, strategy, symbol, CancellationToken.None)).Sum(p => p.Quantity);
        }

        var carved = stop.CarveOuts.Where(c => c.IsInForce).Select(c => c.Target.Strategy).OfType<StrategyId>().ToHashSet();
        return carved.Count == 0
            ? null
            : position - (await book.Ledger.PositionsAsync(book.User, null, symbol, CancellationToken.None))
                .Where(p => p.Strategy is { } holder && carved.Contains(holder)).Sum(p => p.Quantity);
    }

    private static async Task<(List<decimal> InScope, List<decimal> Others, List<Order> Kept)> SplitAsync(
        UserBook book, Stop stop, ImmutableArray<VenueOrderReport> open)
    {
        List<decimal> inScope = [], others = [];
        List<Order> kept = [];
        foreach (var report in open)
        {
            var row = OrderId.TryParse(report.ClientOrderId, out var id, out _)
                ? await book.Ledger.FindOrderAsync(id, CancellationToken.None)
                : null;
            var signed = (report.Side == OrderSide.Buy ? 1 : -1) * (report.Quantity - report.FilledQuantity);
            if (row is null ? stop.Target.Scope != EmergencyStopScope.Strategy : stop.Covers(row.Terms) && !await IsLeftAsync(book, stop, row))
            {
                // A protective order that the stop keeps until flat does not stand in its own position's way, unless both could trade.
                if (stop.Options.KeepProtective && row?.Terms.Protective == true)
                {
                    if (!(row.Terms.ReduceOnly && book.Venue.Description.AcceptsReduceOnly))
                    {
                        kept.Add(row);
                    }
                }
                else
                {
                    inScope.Add(signed);
                }
            }
            else
            {
                others.Add(signed);
            }
        }

        return (inScope, others, kept);
    }

    /// <summary>Whether somebody sent it past the stop's gate, or gave its debt up: nobody cancels it, so it competes for the position, and is not waited for.</summary>
    private static async Task<bool> IsLeftAsync(UserBook book, Stop stop, Order row)
    {
        if (row.Origin is OrderOrigin.Placed or OrderOrigin.PastGate && !stop.Owes(row))
        {
            return true;
        }

        // What another stop has adopted is that one's to cancel, or to be given up.
        var owing = row is { Origin: OrderOrigin.Adopted, Stop: { } adopter } ? adopter : stop.Id;
        return (await book.Ledger.OutcomesAsync(owing, CancellationToken.None))
            .Any(o => o is { Kind: ObligationKind.Order, Outcome: OutcomeKind.Waived } && o.Item == row.Id.Value);
    }

    private static ImmutableArray<T> Of<T>(Reading<ImmutableArray<T>> reading) => reading is Reading<ImmutableArray<T>>.Value v ? v.Is : [];

    private static ClosingLook Failed(VenuePhase phase, string why) => new(0, null, [], [], [], null, phase.ToString().ToLowerInvariant(), why);
}
