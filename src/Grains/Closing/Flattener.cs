using System.Collections.Immutable;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Closing;

/// <summary>Closes one user's positions in a stop's scope, after the cancels are confirmed.</summary>
internal sealed class Flattener(UserBook book, OrderSender sender, UnclearOrders unclear)
{
    /// <summary>One outcome per position, recorded.</summary>
    public async Task<FlattenReport> FlattenAsync(Stop stop)
    {
        var started = book.Time.GetTimestamp();
        var (unmet, waived) = await DebtsAsync(stop);
        var whole = $"{book.Account}/*";
        var positions = await book.Venue.PositionsAsync(book.Account, CancellationToken.None);
        ImmutableArray<ItemOutcome> outcomes;
        if (positions is Reading<ImmutableArray<VenuePosition>>.Unreadable u)
        {
            outcomes = [Account(OutcomeKind.Unknown, u.Phase.ToString().ToLowerInvariant(), u.Reason)];
        }
        else
        {
            var held = positions is Reading<ImmutableArray<VenuePosition>>.Value v ? v.Is : [];
            var symbols = (await SymbolsAsync(stop, held, unmet)).Where(s => !waived.Contains($"{book.Account}/{s}"));
            outcomes = [.. await Task.WhenAll(symbols.Select(s => new PositionCloser(book, sender, unclear, stop, s).CloseAsync()))];

            // An unreadable pass has left an obligation on the account as a whole; this pass could read it.
            outcomes = unmet.Contains(whole) ? outcomes.Add(Account(OutcomeKind.Ended, null, "the account could be read again")) : outcomes;
        }

        await book.Ledger.RecordOutcomesAsync(stop.Id, outcomes, CancellationToken.None);
        return new(outcomes);

        ItemOutcome Account(OutcomeKind kind, string? phase, string why) => new(
            ObligationKind.Position, whole, kind, book.Time.GetUtcNow(), book.Time.GetElapsedTime(started), null, phase, why);
    }

    /// <summary>Position obligations of earlier passes: unmet ones are judged again, flat or not; waived ones are left alone.</summary>
    private async Task<(HashSet<string> Unmet, HashSet<string> Waived)> DebtsAsync(Stop stop)
    {
        var positions = (await book.Ledger.OutcomesAsync(stop.Id, CancellationToken.None)).Where(o => o.Kind == ObligationKind.Position).ToArray();
        return (
            [.. positions.Where(o => !o.Outcome.IsMet()).Select(o => o.Item)],
            [.. positions.Where(o => o.Outcome == OutcomeKind.Waived).Select(o => o.Item)]);
    }

    private async Task<IReadOnlyCollection<Symbol>> SymbolsAsync(Stop stop, ImmutableArray<VenuePosition> held, HashSet<string> unmet)
    {
        var mine = $"{book.Account}/";
        var symbols = unmet
            .Where(i => i.StartsWith(mine, StringComparison.Ordinal) && !i.EndsWith('*'))
            .Select(i => Symbol.Parse(i[mine.Length..]))
            .ToHashSet();
        if (stop.Target.Strategy is { } strategy)
        {
            // A strategy's part may be there while the account is flat: that is an outcome too (netted).
            var attributed = await book.Ledger.PositionsAsync(book.User, strategy, null, CancellationToken.None);
            symbols.UnionWith(attributed.Select(p => p.Symbol).Where(s => stop.Refuses(Probe(stop, s))));
        }
        else
        {
            symbols.UnionWith(held.Where(p => p.Quantity != 0).Select(p => p.Symbol).Where(s => stop.Refuses(Probe(stop, s))));
        }

        symbols.RemoveWhere(s => stop.Target.Symbol is { } only && s != only);
        return symbols;
    }

    /// <summary>Stands for any order of the book in a symbol: where the stop would let it in, it leaves the position alone.</summary>
    private OrderTerms Probe(Stop stop, Symbol symbol) => new(book.User, stop.Target.Strategy, symbol, OrderSide.Buy, 1, OrderType.Market);
}
