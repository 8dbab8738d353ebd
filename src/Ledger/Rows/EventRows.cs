using EmergencyStop.Events;
using EmergencyStop.Ledger.Events;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The rows of the outbox.</summary>
internal static class EventRows
{
    /// <summary>Most events that one page looks at.</summary>
    public const int MostLookedAt = 4_000;

    /// <summary>Most events of one page.</summary>
    public const int MostOfAPage = 500;

    /// <summary>Rows that one pruning drops.</summary>
    public const int MostDropped = 256;

    /// <summary>Writes one event.</summary>
    /// <returns>Its id: the one after the last, which pruning never drops.</returns>
    public static long Append(LedgerSession session, LedgerEvent happened)
    {
        var id = Last(session) + 1;
        session.Sql("INSERT INTO events (id, type, subject, at, audience, data) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(id).Bind(happened.Type).Bind(happened.Subject).Bind(Values.Micros(happened.At)).Bind(happened.Audience.Value).Bind(happened.Data).Post();
        return id;
    }

    public static long Last(LedgerSession session) => session.Sql("SELECT max(id) FROM events").First(static r => r.LongOrNull()) ?? 0;

    public static EventPage Page(LedgerSession session, EventQuery query)
    {
        var oldest = session.Sql("SELECT min(id) FROM events").First(static r => r.LongOrNull()) ?? 1;
        var (found, through, looked, last) = (new List<StoredEvent>(), query.After, 0, Last(session));
        foreach (var one in session.Sql("SELECT id, type, subject, at, audience, data FROM events WHERE id > ? ORDER BY id LIMIT ?").Bind(query.After).Bind((long)MostLookedAt).Stream(Read))
        {
            through = one.Id;
            if (query.Matches(one.Event))
            {
                found.Add(one);
            }

            if (++looked >= MostLookedAt || found.Count >= MostOfAPage)
            {
                break;
            }
        }

        return new([.. found], through, oldest, last);
    }

    /// <summary>Drops the oldest rows.</summary>
    /// <returns>Whether more is to be dropped.</returns>
    public static bool Prune(LedgerSession session, DateTimeOffset before, long most)
    {
        var last = Last(session);
        var had = session.Sql("SELECT min(position) FROM event_consumers WHERE held_until >= ?")
            .Bind(Values.Micros(before)).First(static r => r.LongOrNull()) ?? long.MaxValue;
        var stretch = session.Sql("SELECT id, at FROM events ORDER BY id LIMIT ?").Bind((long)MostDropped).All(static r => (Id: r.Long(), At: r.Long()));

        // Times do not follow the ids exactly: one that is to be kept keeps all after it, or there would be a hole.
        var dropped = stretch.TakeWhile(e => ((e.At < Values.Micros(before) && e.Id <= had) || e.Id <= last - most) && e.Id < last).Count();
        if (dropped > 0)
        {
            session.Sql("DELETE FROM events WHERE id <= ?").Bind(stretch[dropped - 1].Id).Post();
        }

        return dropped == MostDropped;
    }

    private static StoredEvent Read(Statement row) =>
        new(row.Long(), new(row.Text(), row.Text(), Values.Time(row.Long()), EventAudience.Stored(row.Text()), row.Text()));
}
