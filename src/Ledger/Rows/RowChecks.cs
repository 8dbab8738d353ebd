using EmergencyStop.Ledger.Audit;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Rows;

/// <summary>What must hold between the rows of a ledger, whatever database they are in.</summary>
internal static class RowChecks
{
    public static LedgerFinding Audit(LedgerSession session)
    {
        var head = GateRows.Read(session);
        var verdict = AuditChain.Verify(AuditRows.Stream(session), head.AuditSequence, head.AuditHash);
        return verdict.FirstBroken is { } broken
            ? new("audit", false, $"broken at entry {broken}: {verdict.Why}")
            : new("audit", true, $"{verdict.Entries} entries are chained");
    }

    /// <summary>No row bears a number that the gate has not given out: the next admission would take it again.</summary>
    public static LedgerFinding Gate(LedgerSession session)
    {
        var number = GateRows.Read(session).Number;
        var highest = Count(
            session,
            "SELECT coalesce(max(n), 0) FROM (SELECT max(number) AS n FROM orders UNION ALL SELECT max(ended_after) FROM orders "
            + "UNION ALL SELECT max(number) FROM stops UNION ALL SELECT max(release_number) FROM stops "
            + "UNION ALL SELECT max(number) FROM carve_outs UNION ALL SELECT max(put_back) FROM carve_outs "
            + "UNION ALL SELECT max(narrow_number) FROM stops UNION ALL SELECT max(again_number) FROM stops "
            + "UNION ALL SELECT max(paused_at) FROM pauses UNION ALL SELECT max(resumed_at) FROM pauses) drawn");
        return highest <= number
            ? new("gate", true, $"number {number}, no row is beyond it")
            : new("gate", false, $"its number is {number}, but a row bears {highest}");
    }

    public static LedgerFinding Latches(LedgerSession session)
    {
        var stray = Count(
            session,
            "SELECT count(*) FROM latches l LEFT JOIN stops s ON s.number = l.stop "
            + "WHERE s.number IS NULL OR s.release_number IS NOT NULL OR (s.target <> l.target AND s.narrow_number IS NULL)");
        var missing = Count(
            session,
            $"SELECT count(*) FROM stops WHERE release_number IS NULL AND narrow_number IS NULL AND options & {StopRows.CancelOnlyFlag} = 0 "
            + "AND number NOT IN (SELECT stop FROM latches)");
        return (stray, missing) is (0, 0)
            ? new("latches", true, $"{Count(session, "SELECT count(*) FROM latches")} are held, each by a standing stop")
            : new("latches", false, $"{stray} belong to no standing stop, and {missing} standing stops have none");
    }

    /// <summary>What decides on active orders (the indexes, the state, the mark of the end) agrees.</summary>
    /// <param name="session">Where to read.</param>
    /// <param name="marked">How many bear no mark of an end, as the table itself says.</param>
    /// <param name="indexed">How many each index holds that should hold the same.</param>
    public static LedgerFinding Orders(LedgerSession session, long marked, (string Of, long Count)[] indexed)
    {
        foreach (var (of, count) in indexed)
        {
            if (count != marked)
            {
                return new("orders", false, $"{marked} are active, and the index of {of} holds {count}");
            }
        }

        var astray = Count(
            session,
            $"SELECT count(*) FROM orders NOT INDEXED WHERE (ended_after IS NULL) <> (state IN ({(int)OrderState.InFlight}, {(int)OrderState.Open}, {(int)OrderState.Unknown}))");
        return astray == 0
            ? new("orders", true, $"{marked} are active, and their {(indexed.Length == 1 ? "index agrees" : "indexes agree")}")
            : new("orders", false, $"{astray} are active by their state and ended by their mark, or the other way round");
    }

    public static long Count(LedgerSession session, string sql) => session.Sql(sql).First(static r => r.Long());
}
