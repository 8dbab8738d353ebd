using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using Npgsql;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>The rows of order events, one a change.</summary>
internal static class OrderEventTable
{
    /// <summary>Most changes that one page looks at.</summary>
    private const int MostLookedAt = 4_000;

    /// <summary>Most changes of one page.</summary>
    private const int MostOfAPage = 500;

    /// <summary>Commits that one pruning drops, and changes that it looks at.</summary>
    private const int MostDropped = 64;
    private const int MostPruned = 16_384;

    private static readonly string OrderColumns = "o." + OrderRows.Columns.Replace(", ", ", o.", StringComparison.Ordinal);

    /// <summary>Adds the changes of a transaction to its last message.</summary>
    public static void Append(PostgreSqlSession session, List<OrderChange> changes) => session.Post(new NpgsqlBatchCommand(
        "INSERT INTO order_events (kind, number, at, state, filled, average_price, venue_order_id, sent_at, reason) "
        + "SELECT c.kind, c.number, c.at, c.state, c.filled, c.average_price, c.venue_order_id, c.sent_at, c.reason "
        + "FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY AS c(kind, number, at, state, filled, average_price, venue_order_id, sent_at, reason, place) "
        + "ORDER BY c.place")
    {
        Parameters =
        {
            PostgreSqlValues.Smalls(changes.Select(c => (long)c.Kind)),
            PostgreSqlValues.Numbers(changes.Select(c => c.After.Number)),
            PostgreSqlValues.Numbers(changes.Select(c => Values.Micros(c.After.UpdatedAt))),
            PostgreSqlValues.Smalls(changes.Select(c => (long)c.After.State)),
            PostgreSqlValues.Texts(changes.Select(c => Values.Text(c.After.FilledQuantity))),
            PostgreSqlValues.Texts(changes.Select(c => Values.Text(c.After.AveragePrice))),
            PostgreSqlValues.Texts(changes.Select(c => c.After.VenueOrderId)),
            PostgreSqlValues.NumbersOrNull(changes.Select(c => Values.Micros(c.After.SentAt))),
            PostgreSqlValues.Texts(changes.Select(c => c.After.Reason)),
        },
    });

    /// <summary>A page of changes up to an id below which none can come any more.</summary>
    public static OrderEventPage Page(LedgerSession session, OrderEventQuery query, long through)
    {
        var oldest = session.Sql("SELECT id FROM order_events ORDER BY id LIMIT 1").First(static r => r.Long());
        var last = Last(session, through);
        var rows = session.Sql(
                $"SELECT e.id, e.kind, e.at, e.state, e.filled, e.average_price, e.venue_order_id, e.sent_at, e.reason, {OrderColumns} "
                + "FROM order_events e JOIN orders o ON o.number = e.number WHERE e.id > ? AND e.id <= ? ORDER BY e.id LIMIT ?")
            .Bind(query.After).Bind(through).Bind((long)MostLookedAt).All(Read);
        var (found, looked) = (new List<OrderEvent>(), query.After);
        foreach (var change in rows)
        {
            looked = change.Id;
            if (Matches(query, change.Order.Terms))
            {
                found.Add(change);
            }

            if (found.Count >= MostOfAPage)
            {
                break;
            }
        }

        return new([.. found], looked, Math.Max(1, oldest), last);
    }

    /// <summary>The admissions and rejections of a stretch up to such an id.</summary>
    public static OrderCountPage Counts(LedgerSession session, long after, long through)
    {
        var rows = session.Sql(
                "SELECT e.id, e.kind, e.at, o.user_id, o.strategy_id FROM order_events e JOIN orders o ON o.number = e.number "
                + "WHERE e.id > ? AND e.id <= ? ORDER BY e.id LIMIT ?")
            .Bind(after).Bind(through).Bind((long)MostLookedAt).All(ReadCounted);
        return new(
            [.. rows.Where(r => r.Kind is OrderEventKind.Admitted or OrderEventKind.Rejected).Select(r => r.Order)],
            rows.Count > 0 ? rows[^1].Order.Id : after,
            Last(session, through));
    }

    /// <summary>Drops the oldest commits, never the last.</summary>
    /// <returns>Whether more is to be dropped.</returns>
    public static bool Prune(LedgerSession session, DateTimeOffset before, long most)
    {
        var last = session.Sql("SELECT id FROM order_events ORDER BY id DESC LIMIT 1").First(static r => r.Long());
        return session.Sql(
                "WITH head AS (SELECT id, tx, at FROM order_events ORDER BY id LIMIT ?), commits AS ("
                + "SELECT tx, min(id) AS first, count(*) AS count, (array_agg(at ORDER BY id DESC))[1] AS at FROM head GROUP BY tx ORDER BY min(id) LIMIT ?), "
                + "dropped AS (DELETE FROM order_events e USING commits c, head h WHERE h.id = e.id AND c.tx = h.tx "
                + "AND (c.at < ? OR c.first + c.count <= ?) AND c.first + c.count - 1 < ? AND e.tx <> (SELECT tx FROM order_events WHERE id = ?) RETURNING e.tx) "
                + "SELECT count(DISTINCT tx) FROM dropped")
            .Bind((long)MostPruned).Bind((long)MostDropped).Bind(Values.Micros(before)).Bind(last - most + 1).Bind(last).Bind(last)
            .First(static r => r.Long()) == MostDropped;
    }

    private static long Last(LedgerSession session, long through) =>
        session.Sql("SELECT id FROM order_events WHERE id <= ? ORDER BY id DESC LIMIT 1").Bind(through).First(static r => r.Long());

    private static (OrderEventKind Kind, CountedOrder Order) ReadCounted(Statement row)
    {
        var (id, kind, at) = (row.Long(), (OrderEventKind)row.Int(), Values.Time(row.Long()));
        var (user, strategy) = (UserId.Parse(row.Text()), row.TextOrNull());
        return (kind, new(id, at, user, strategy is null ? null : StrategyId.Parse(strategy), kind == OrderEventKind.Rejected));
    }

    private static bool Matches(OrderEventQuery query, OrderTerms terms) =>
        (query.User is not { } user || terms.User == user)
        && (query.Strategy is not { } strategy || terms.Strategy == strategy)
        && (query.Symbol is not { } symbol || terms.Symbol == symbol);

    private static OrderEvent Read(Statement row)
    {
        var (id, kind, at) = (row.Long(), (OrderEventKind)row.Int(), Values.Time(row.Long()));
        var (state, filled, average, venue, sent, reason) = (row.LongOrNull(), row.TextOrNull(), row.TextOrNull(), row.TextOrNull(), row.LongOrNull(), row.TextOrNull());
        var change = new StoredChange(kind, 0, at, string.Empty, null, string.Empty);
        change = state is not { } after ? change : change with
        {
            State = (OrderState)after,
            Filled = Values.DecimalOrNull(filled) ?? 0,
            AveragePrice = Values.DecimalOrNull(average),
            VenueOrderId = venue,
            SentAt = Values.Time(sent),
            Reason = reason,
        };
        return new(id, kind, at, change.Over(OrderRows.Read(row)));
    }
}
