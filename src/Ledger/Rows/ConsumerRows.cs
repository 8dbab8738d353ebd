using EmergencyStop.Ledger.Events;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The rows of those to whom events are delivered.</summary>
internal static class ConsumerRows
{
    private const string Columns = "name, position, holder, held_until";

    /// <summary>Takes or keeps a consumer.</summary>
    /// <returns>Its position; <c>null</c> while another holds it.</returns>
    public static long? Hold(LedgerSession session, string name, string holder, DateTimeOffset now, DateTimeOffset until)
    {
        var found = Find(session, name);
        if (found is not null && found.Holder != holder && found.HeldUntil > now)
        {
            return null;
        }

        var position = found?.Position ?? EventRows.Last(session);
        session.Sql(
                $"INSERT INTO event_consumers ({Columns}) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
                + "position = excluded.position, holder = excluded.holder, held_until = excluded.held_until")
            .Bind(name).Bind(position).Bind(holder).Bind(Values.Micros(until)).Run();
        return position;
    }

    /// <summary>Keeps a position, and what was set aside on the way to it.</summary>
    /// <returns>False when another holds the consumer by now.</returns>
    public static bool Advance(LedgerSession session, ConsumerAdvance advance)
    {
        if (session.Sql("UPDATE event_consumers SET position = ? WHERE name = ? AND holder = ?")
                .Bind(advance.Position).Bind(advance.Consumer).Bind(advance.Holder).Run() == 0)
        {
            return false;
        }

        foreach (var one in advance.SetAside)
        {
            SetAsideRows.Insert(session, one);
        }

        return true;
    }

    public static List<EventConsumer> All(LedgerSession session) =>
        session.Sql($"SELECT {Columns} FROM event_consumers ORDER BY name").All(Read);

    private static EventConsumer? Find(LedgerSession session, string name) =>
        session.Sql($"SELECT {Columns} FROM event_consumers WHERE name = ?").Bind(name).First(Read);

    private static EventConsumer Read(Statement row) => new(row.Text(), row.Long(), row.Text(), Values.Time(row.Long()));
}
