using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>What stops owe, by name and by whose book it is in.</summary>
internal static class DebtRows
{
    /// <summary>Most debts that are weighed while the writer waits: a stop must not wait behind a list.</summary>
    public const int MostWeighed = 5_000;

    /// <summary>Whether a stop owes too much to be weighed on the writer.</summary>
    public static bool AreTooMany(LedgerSession session, IActiveOrders active, Stop stop) =>
        OutcomeRows.CountUnmet(session, stop.Number) > MostWeighed || ScopeRows.OwesMoreThan(session, active, stop, MostWeighed);

    /// <summary>Every unmet debt of a stop, by kind and item; owed orders that have no outcome yet are among them.</summary>
    public static List<Obligation> Of(LedgerSession session, IActiveOrders active, Stop stop, DateTimeOffset at)
    {
        var unmet = OutcomeRows.UnmetSince(session, stop.Number);
        var named = unmet.Where(o => o.Item.Kind == ObligationKind.Order).Select(o => o.Item.Item).ToHashSet(StringComparer.Ordinal);
        var owed = stop.Options.CancelOrders ? ScopeRows.Owed(session, active, stop, includeProtective: false, partition: null) : [];
        return
        [
            .. unmet.Select(o => new Obligation(stop.Id, stop.Target, Due(o.Item, stop, at), o.Since, UserOf(session, o.Item)))
                .Concat(owed.Where(o => !named.Contains(o.Id.Value)).Select(o => new Obligation(
                    stop.Id, stop.Target, Due(Untried(o, at), stop, at), o.Number < stop.Number ? stop.Request.RequestedAt : stop.WorkingSince, o.Terms.User)))
                .OrderBy(o => o.Item.Kind).ThenBy(o => o.Item.Item, StringComparer.Ordinal),
        ];
    }

    /// <summary>One page over the unfinished stops.</summary>
    public static (List<Obligation> Items, string? Next) Page(
        LedgerSession session, IActiveOrders active, ObligationQuery query, AccountId? account, string after, DateTimeOffset at)
    {
        var (afterStop, afterKind, afterItem) = Place(after);
        var found = new List<Obligation>();
        foreach (var stop in StopRows.Unfinished(session).Where(s => s.Number >= afterStop && (query.Stop is null || s.Id == query.Stop)))
        {
            foreach (var debt in Of(session, active, stop, at))
            {
                var behind = stop.Number == afterStop
                    && ((int)debt.Item.Kind, string.CompareOrdinal(debt.Item.Item, afterItem)) is var (kind, item)
                    && (kind < afterKind || (kind == afterKind && item <= 0));
                if (behind || (query.User is { } user && !IsOf(session, debt, user, account)))
                {
                    continue;
                }

                if (found.Count == query.Limit)
                {
                    return (found, Name(session, found[^1]));
                }

                found.Add(debt);
            }
        }

        return (found, null);
    }

    /// <summary>Whose books a debt is in; empty when nobody can say.</summary>
    public static IReadOnlyCollection<UserId> UsersOf(LedgerSession session, ItemOutcome item, ImmutableDictionary<AccountId, UserId> users) => item.Kind switch
    {
        ObligationKind.Order => UserOf(session, item) is { } user ? [user] : [],
        ObligationKind.Strategy => StrategyId.TryParse(item.Item, out var id, out _) && StrategyRows.Find(session, id) is { } strategy
            ? StrategyRows.UsersOf(session, strategy)
            : [],
        _ => AccountId.TryParse(item.Item.Split('/')[0], out var account, out _) && users.TryGetValue(account, out var owner) ? [owner] : [],
    };

    public static UserId? UserOf(LedgerSession session, ItemOutcome item) => item.Kind switch
    {
        ObligationKind.Order => OrderId.TryParse(item.Item, out var id, out _) ? OrderRows.Find(session, id)?.Terms.User : null,
        ObligationKind.Strategy => StrategyId.TryParse(item.Item, out var id, out _) ? StrategyRows.OwnerOf(session, id) : null,
        _ => null,
    };

    private static bool IsOf(LedgerSession session, Obligation debt, UserId user, AccountId? account) =>
        debt.Item.Kind is ObligationKind.Order or ObligationKind.Strategy
            ? UsersOf(session, debt.Item, ImmutableDictionary<AccountId, UserId>.Empty).Contains(user)
            : account is { } own && debt.Item.Item.Split('/')[0] == own.Value;

    /// <summary>Everything unmet is tried with the stop's next pass; one that is late is due now.</summary>
    private static ItemOutcome Due(ItemOutcome item, Stop stop, DateTimeOffset at) =>
        item with { NextTry = stop.NextTry is { } next && next > at ? next : at };

    private static ItemOutcome Untried(Order order, DateTimeOffset at) => new(
        ObligationKind.Order, order.Id.Value, OutcomeKind.Unknown, at, TimeSpan.Zero, order.FilledQuantity, "confirm", "Its end is not proven yet.", 0);

    private static string Name(LedgerSession session, Obligation last) =>
        Cursor.Of($"{StopRows.Get(session, last.Stop).Number.ToString(Values.Invariant)} {((int)last.Item.Kind).ToString(Values.Invariant)} {last.Item.Item}");

    private static (long Stop, int Kind, string Item) Place(string after)
    {
        if (after.Length == 0)
        {
            return (0, -1, string.Empty);
        }

        return after.Split(' ', 3) is [var stop, var kind, var item]
            && long.TryParse(stop, System.Globalization.NumberStyles.None, Values.Invariant, out var number)
            && int.TryParse(kind, System.Globalization.NumberStyles.None, Values.Invariant, out var word)
            ? (number, word, item)
            : throw new ArgumentException("The cursor has no meaning here: begin without one.", nameof(after));
    }
}
