using EmergencyStop.Ledger.Audit;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The audit's rows.</summary>
internal static class AuditRows
{
    private const string Columns = "sequence, at, actor, action, subject, details, previous_hash, hash";

    public static void Insert(LedgerSession session, ChainedAuditEntry entry) =>
        session.Sql($"INSERT INTO audit ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .Bind(entry.Sequence).Bind(Values.Micros(entry.Entry.At)).Bind(entry.Entry.Actor).Bind(entry.Entry.Action)
            .Bind(entry.Entry.Subject).Bind(entry.Entry.Details).Bind(entry.PreviousHash).Bind(entry.Hash).Post();

    public static List<ChainedAuditEntry> After(LedgerSession session, long after, int limit) =>
        session.Sql($"SELECT {Columns} FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?").Bind(after).Bind((long)limit).All(Read);

    /// <summary>Every entry, read in pages, as a chain may be longer than memory.</summary>
    public static IEnumerable<ChainedAuditEntry> Stream(LedgerSession session)
    {
        const int page = 10_000;
        var last = 0L;
        List<ChainedAuditEntry> entries;
        do
        {
            entries = After(session, last, page);
            foreach (var entry in entries)
            {
                last = entry.Sequence;
                yield return entry;
            }
        }
        while (entries.Count == page);
    }

    private static ChainedAuditEntry Read(Statement row) => new(
        row.Long(),
        new(Values.Time(row.Long()), row.Text(), row.Text(), row.Text(), row.Text()),
        row.Text(),
        row.Text());
}
