using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Whose orders are of unclear fate: in flight, or unknown.</summary>
/// <remarks>
/// Every order is in flight for a few milliseconds. An index of its own in the file would be written twice more for each
/// admission, to find the few orders that stay so; in memory it costs an entry that goes again once the order rests or has
/// ended. As with the other places where to look, a number too many does no harm: the row decides.
/// </remarks>
internal static class UnclearRows
{
    private const string IsUnclear = "ended_after IS NULL AND state IN (0, 2)"; // InFlight and Unknown.

    /// <summary>Users with such an order numbered up to <paramref name="upTo"/>, by id.</summary>
    public static ImmutableArray<UserId> Users(LedgerSession session, ActiveOrders active, long upTo, UserId? after, int limit)
    {
        var newest = GateRows.Read(session).Number; // The snapshot begins here, before the index is asked.
        var (orders, known) = active.Unclear(upTo);
        if (known < Math.Min(upTo, newest))
        {
            orders.AddRange(Search(session, known, upTo));
        }

        var clear = new List<long>();
        ImmutableArray<UserId> users =
        [
            .. orders.Where(o => after is not { } last || string.CompareOrdinal(o.User.Value, last.Value) > 0)
                .GroupBy(o => o.User).OrderBy(g => g.Key.Value, StringComparer.Ordinal)
                .Where(g => g.Any(o => Look(session, o.Number, newest, clear)))
                .Take(limit).Select(g => g.Key),
        ];
        active.Clear(clear);
        return users;
    }

    /// <summary>Looks at one row; notes it as clear where the snapshot is new enough to say so, as it never becomes unclear again.</summary>
    private static bool Look(LedgerSession session, long number, long newest, List<long> clear)
    {
        var found = session.Sql($"SELECT 1 FROM orders WHERE number = ? AND {IsUnclear}").Bind(number).Any();
        if (!found && number <= newest)
        {
            clear.Add(number);
        }

        return found;
    }

    private static List<(UserId User, long Number)> Search(LedgerSession session, long above, long upTo) =>
        session.Sql($"SELECT user_id, number FROM orders INDEXED BY orders_active WHERE {IsUnclear} AND number > ? AND number <= ?")
            .Bind(above).Bind(upTo).All(static r => (UserId.Parse(r.Text()), r.Long()));
}
