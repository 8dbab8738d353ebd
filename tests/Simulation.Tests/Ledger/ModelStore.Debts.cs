using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>What stops owe, by name and by whose book it is in.</content>
public sealed partial class ModelStore
{
    /// <summary>What is unmet, as a person must hear it.</summary>
    public ImmutableArray<ItemOutcome> Outstanding(Stop stop, DateTimeOffset at)
    {
        var unmet = OutcomesOf(stop.Id).Where(o => !o.Outcome.IsMet()).ToList();
        var named = unmet.Where(o => o.Kind == ObligationKind.Order).Select(o => o.Item).ToHashSet(StringComparer.Ordinal);
        var owed = stop.Options.CancelOrders ? Owed(stop, includeProtective: false, partition: null) : [];
        return [.. unmet, .. owed.Where(o => !named.Contains(o.Id.Value)).Select(o => Untried(o, at))];
    }

    /// <summary>A page of unmet debts over the unfinished stops.</summary>
    public Page<Obligation> Obligations(ObligationQuery query, AccountId? account, string after, DateTimeOffset at)
    {
        var (afterStop, afterKind, afterItem) = Place(after);
        var found = new List<Obligation>();
        foreach (var row in _stops)
        {
            var stop = row.Stop;
            if (stop.State == StopState.Completed || stop.Number < afterStop || (query.Stop is not null && stop.Id != query.Stop))
            {
                continue;
            }

            foreach (var debt in Debts(row, at))
            {
                var (kind, item) = ((int)debt.Item.Kind, string.CompareOrdinal(debt.Item.Item, afterItem));
                var behind = stop.Number == afterStop && (kind < afterKind || (kind == afterKind && item <= 0));
                if (behind || (query.User is { } user && !IsOf(debt, user, account)))
                {
                    continue;
                }

                if (found.Count == query.Limit)
                {
                    return new([.. found], Name(found[^1]));
                }

                found.Add(debt);
            }
        }

        return new([.. found], null);
    }

    private static ItemOutcome Untried(Order order, DateTimeOffset at) => new(
        ObligationKind.Order, order.Id.Value, OutcomeKind.Unknown, at, TimeSpan.Zero, order.FilledQuantity, "confirm", "Its end is not proven yet.", 0);

    /// <summary>Everything unmet is tried with the stop's next pass; one that is late is due now.</summary>
    private static ItemOutcome Due(ItemOutcome item, Stop stop, DateTimeOffset at) =>
        item with { NextTry = stop.NextTry is { } next && next > at ? next : at };

    private static (long Stop, int Kind, string Item) Place(string after)
    {
        if (after.Length == 0)
        {
            return (0, -1, string.Empty);
        }

        return after.Split(' ', 3) is [var stop, var kind, var item]
            && long.TryParse(stop, NumberStyles.None, Values.Invariant, out var number)
            && int.TryParse(kind, NumberStyles.None, Values.Invariant, out var word)
            ? (number, word, item)
            : throw new ArgumentException("The cursor has no meaning here: begin without one.", nameof(after));
    }

    /// <summary>Every unmet debt of a stop, by kind and item; owed orders that have no outcome yet are among them.</summary>
    private List<Obligation> Debts(ModelStop row, DateTimeOffset at)
    {
        var stop = row.Stop;
        var debts = new List<Obligation>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var unmet in row.Outcomes.Sorted)
        {
            if (!unmet.Outcome.IsMet())
            {
                debts.Add(new(stop.Id, stop.Target, Due(unmet, stop, at), row.Outcomes.SinceOf(unmet.Kind, unmet.Item) ?? unmet.At, UserOf(unmet)));
                _ = unmet.Kind == ObligationKind.Order && named.Add(unmet.Item);
            }
        }

        foreach (var order in stop.Options.CancelOrders ? Owed(stop, includeProtective: false, partition: null) : [])
        {
            if (!named.Contains(order.Id.Value))
            {
                var since = order.Number < stop.Number ? stop.Request.RequestedAt : stop.WorkingSince;
                debts.Add(new(stop.Id, stop.Target, Due(Untried(order, at), stop, at), since, order.Terms.User));
            }
        }

        return [.. debts.OrderBy(o => o.Item.Kind).ThenBy(o => o.Item.Item, StringComparer.Ordinal)];
    }

    /// <summary>Whether a stop owes too much to be weighed.</summary>
    private bool AreTooMany(ModelStop row) => row.Outcomes.Unmet > DebtRows.MostWeighed
        || Owed(row.Stop, includeProtective: true, partition: null).Length > DebtRows.MostWeighed;

    /// <summary>Whose books a debt is in; empty when nobody can say.</summary>
    private HashSet<UserId> UsersOf(ItemOutcome item, ImmutableDictionary<AccountId, UserId> users) => item.Kind switch
    {
        ObligationKind.Order => UserOf(item) is { } user ? [user] : [],
        ObligationKind.Strategy => StrategyId.TryParse(item.Item, out var id, out _) && FindStrategy(id) is { } strategy ? UsersOf(strategy) : [],
        _ => AccountId.TryParse(item.Item.Split('/')[0], out var account, out _) && users.TryGetValue(account, out var owner) ? [owner] : [],
    };

    private UserId? UserOf(ItemOutcome item) => item.Kind switch
    {
        ObligationKind.Order => OrderId.TryParse(item.Item, out var id, out _) ? FindOrder(id)?.Terms.User : null,
        ObligationKind.Strategy => StrategyId.TryParse(item.Item, out var id, out _) ? OwnerOf(id) : null,
        _ => null,
    };

    private bool IsOf(Obligation debt, UserId user, AccountId? account) =>
        debt.Item.Kind is ObligationKind.Order or ObligationKind.Strategy
            ? UsersOf(debt.Item, ImmutableDictionary<AccountId, UserId>.Empty).Contains(user)
            : account is { } own && debt.Item.Item.Split('/')[0] == own.Value;

    private string Name(Obligation last) =>
        Cursor.Of($"{Get(last.Stop).Stop.Number.ToString(Values.Invariant)} {((int)last.Item.Kind).ToString(Values.Invariant)} {last.Item.Item}");
}
