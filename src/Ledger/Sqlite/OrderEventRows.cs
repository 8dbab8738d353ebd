using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>The rows of order events, one a commit.</summary>
internal static class OrderEventRows
{
    /// <summary>Most changes that one page looks at, give or take a commit.</summary>
    private const int MostLookedAt = 4_000;

    /// <summary>Most changes of one page, give or take a commit.</summary>
    private const int MostOfAPage = 500;

    /// <summary>Rows that one pruning drops.</summary>
    private const long MostDropped = 64;

    /// <summary>Writes the changes of a transaction.</summary>
    /// <returns>The id of the last.</returns>
    public static long Append(LedgerSession session, List<OrderChange> changes)
    {
        var first = Last(session) + 1;
        session.Sql("INSERT INTO order_events (first, count, at, body) VALUES (?, ?, ?, ?)")
            .Bind(first).Bind((long)changes.Count).Bind(Values.Micros(changes[^1].After.UpdatedAt)).Bind(OrderEventCode.Write(changes)).Run();
        return first + changes.Count - 1;
    }

    public static long Last(LedgerSession session) =>
        session.Sql("SELECT first + count - 1 FROM order_events ORDER BY first DESC LIMIT 1").First(static r => r.Long());

    public static OrderEventPage Page(LedgerSession session, OrderEventQuery query)
    {
        var (oldest, last) = (session.Sql("SELECT first FROM order_events ORDER BY first LIMIT 1").First(static r => r.Long()), Last(session));
        var (found, through, looked) = (new List<OrderEvent>(), query.After, 0);
        var rows = session.Sql("SELECT first, body FROM order_events WHERE first >= coalesce((SELECT max(first) FROM order_events WHERE first <= ?), 0) ORDER BY first")
            .Bind(query.After + 1).Stream(static r => (First: r.Long(), Body: r.Blob()));
        foreach (var (first, body) in rows)
        {
            var id = first - 1;
            foreach (var change in OrderEventCode.Read(body))
            {
                id++;
                if (id > query.After && Matches(query, change) && Row(session, change.Number) is { } row)
                {
                    found.Add(new(id, change.Kind, change.At, change.Over(row)));
                }
            }

            through = Math.Max(through, id);
            looked += (int)(id - first + 1);
            if (looked >= MostLookedAt || found.Count >= MostOfAPage)
            {
                break;
            }
        }

        return new([.. found], through, Math.Max(1, oldest), last);
    }

    /// <summary>The admissions and rejections of a stretch: nothing but the changes themselves is read.</summary>
    public static OrderCountPage Counts(LedgerSession session, long after)
    {
        var (found, through, looked) = (ImmutableArray.CreateBuilder<CountedOrder>(), after, 0);
        var rows = session.Sql("SELECT first, body FROM order_events WHERE first >= coalesce((SELECT max(first) FROM order_events WHERE first <= ?), 0) ORDER BY first")
            .Bind(after + 1).Stream(static r => (First: r.Long(), Body: r.Blob()));
        foreach (var (first, body) in rows)
        {
            var id = first - 1;
            foreach (var change in OrderEventCode.Read(body))
            {
                id++;
                if (id > after && change.Kind is (OrderEventKind.Admitted or OrderEventKind.Rejected))
                {
                    found.Add(new(
                        id, change.At, UserId.Parse(change.User), change.Strategy is { } strategy ? StrategyId.Parse(strategy) : null, change.Kind == OrderEventKind.Rejected));
                }
            }

            through = Math.Max(through, id);
            looked += (int)(id - first + 1);
            if (looked >= MostLookedAt)
            {
                break;
            }
        }

        return new(found.DrainToImmutable(), through, Last(session));
    }

    /// <summary>Drops the oldest rows.</summary>
    /// <returns>Whether more is to be dropped.</returns>
    public static bool Prune(LedgerSession session, DateTimeOffset before, long most)
    {
        var last = Last(session);
        return session.Sql(
                "DELETE FROM order_events WHERE first IN (SELECT first FROM (SELECT first, count, at FROM order_events ORDER BY first LIMIT ?) "
                + "WHERE (at < ? OR first + count <= ?) AND first + count - 1 < ?)")
            .Bind(MostDropped).Bind(Values.Micros(before)).Bind(last - most + 1).Bind(last).Run() == MostDropped;
    }

    private static bool Matches(OrderEventQuery query, StoredChange change) =>
        (query.User is not { } user || string.Equals(change.User, user.Value, StringComparison.Ordinal))
        && (query.Strategy is not { } strategy || string.Equals(change.Strategy, strategy.Value, StringComparison.Ordinal))
        && (query.Symbol is not { } symbol || string.Equals(change.Symbol, symbol.Value, StringComparison.Ordinal));

    private static Order? Row(LedgerSession session, long number) =>
        session.Sql($"SELECT {OrderRows.Columns} FROM orders WHERE number = ?").Bind(number).First(OrderRows.Read);
}
