using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The rows of events that a handler could not take in.</summary>
internal static class SetAsideRows
{
    private const string Columns =
        "number, consumer, source, event_id, type, subject, time, data, attempts, why, at, state, settled_by, settled_at, reason";

    /// <summary>Writes one; the ledger gives the number.</summary>
    public static void Insert(LedgerSession session, EventSetAside one) =>
        session.Sql(
                "INSERT INTO events_set_aside (number, consumer, source, event_id, type, subject, time, data, attempts, why, at, state) "
                + "VALUES ((SELECT coalesce(max(number), 0) + 1 FROM events_set_aside), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)")
            .Bind(one.Consumer).Bind(one.Source).Bind(one.EventId).Bind(one.Type).Bind(one.Subject).Bind(Values.Micros(one.Time)).Bind(one.Data)
            .Bind((long)one.Attempts).Bind(one.Why).Bind(Values.Micros(one.At)).Run();

    public static List<EventSetAside> Page(LedgerSession session, SetAsideQuery query, long before, int limit) =>
        session.Sql($"SELECT {Columns} FROM events_set_aside WHERE number < ? AND consumer = coalesce(?, consumer) AND state = coalesce(?, state) ORDER BY number DESC LIMIT ?")
            .Bind(before).Bind(query.Consumer).Bind((long?)query.State).Bind((long)limit).All(Read);

    public static long CountWaiting(LedgerSession session) =>
        session.Sql("SELECT count(*) FROM events_set_aside INDEXED BY events_set_aside_open WHERE state IN (0, 1) AND state = 0").First(static r => r.Long());

    /// <summary>Changes the state of one.</summary>
    /// <returns>It after the change; <c>null</c> for none that may change so.</returns>
    public static EventSetAside? Settle(LedgerTransaction transaction, SetAsideChange change)
    {
        var session = transaction.Session;
        if (session.Sql($"SELECT {Columns} FROM events_set_aside WHERE number = ?").Bind(change.Number).First(Read) is not { } before
            || !change.LeadsFrom(before))
        {
            return null;
        }

        var after = change.Over(before);
        session.Sql("UPDATE events_set_aside SET state = ?, attempts = ?, why = ?, settled_by = ?, settled_at = ?, reason = ? WHERE number = ?")
            .Bind((long)after.State).Bind((long)after.Attempts).Bind(after.Why).Bind(after.SettledBy).Bind(Values.Micros(after.SettledAt))
            .Bind(after.Reason).Bind(after.Number).Run();
        if (SetAsideAudit.Of(before, change) is { } entry)
        {
            transaction.AppendAudit(entry);
        }

        return after with { SettledAt = Values.Time(Values.Micros(after.SettledAt)) };
    }

    private static EventSetAside Read(Statement row) => new(
        row.Long(), row.Text(), row.Text(), row.Text(), row.Text(), row.Text(), Values.Time(row.Long()), row.Text(), row.Int(), row.Text(),
        Values.Time(row.Long()), (SetAsideState)row.Int(), row.TextOrNull(), Values.Time(row.LongOrNull()), row.TextOrNull());
}
