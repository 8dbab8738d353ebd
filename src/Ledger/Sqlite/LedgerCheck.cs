using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>What one check of a ledger's file has found.</summary>
/// <param name="Check">Its name: <c>file</c>, <c>schema</c>, <c>audit</c>, <c>gate</c>, <c>latches</c> or <c>orders</c>.</param>
/// <param name="Holds">Whether all is well.</param>
/// <param name="Finding">What was found, for people.</param>
public sealed record LedgerFinding(string Check, bool Holds, string Finding);

/// <summary>Checks a whole ledger as of one moment, without writing to it; a service may run on it.</summary>
public static class LedgerCheck
{
    private static readonly (string Name, Func<SqliteSession, LedgerFinding> Of)[] Checks =
        [("file", File), ("schema", Schema), ("audit", Audit), ("gate", Gate), ("latches", Latches), ("orders", Orders)];

    /// <summary>Runs the checks one after the other; a file that cannot be read, or whose schema is not known, ends them.</summary>
    /// <remarks>It reads every page: on a ledger of many gigabytes it takes minutes, and the log cannot begin afresh meanwhile.</remarks>
    public static IEnumerable<LedgerFinding> Run(string path)
    {
        using var session = Open(path, out var trouble);
        if (session is null)
        {
            yield return new("file", false, trouble);
            yield break;
        }

        foreach (var (name, of) in Checks)
        {
            var finding = Guarded(session, name, of, path);
            yield return finding;
            if (!finding.Holds && (name is "file" or "schema"))
            {
                yield break;
            }
        }
    }

    private static SqliteSession? Open(string path, out string trouble)
    {
        SqliteSession? session = null;
        try
        {
            session = SqliteSession.Open(new SqliteLedgerOptions { Path = path }, readOnly: true);
            session.Execute("BEGIN; SELECT count(*) FROM sqlite_schema"); // Every check sees this moment.
            trouble = string.Empty;
            return session;
        }
        catch (SqliteException e)
        {
            session?.Dispose();
            trouble = SqliteTrouble.Unavailable(e, path).Message;
            return null;
        }
    }

    private static LedgerFinding Guarded(SqliteSession session, string name, Func<SqliteSession, LedgerFinding> of, string path)
    {
        try
        {
            return of(session);
        }
        catch (SqliteException e)
        {
            return new(name, false, SqliteTrouble.Unavailable(e, path).Message);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or LedgerUnavailableException)
        {
            return new(name, false, $"a value cannot be read: {e.Message}");
        }
    }

    private static LedgerFinding File(SqliteSession session)
    {
        var first = session.Sql("PRAGMA integrity_check(1)").First(static r => r.Text());
        var pages = session.Sql("PRAGMA page_count").First(static r => r.Long());
        return first == "ok" ? new("file", true, $"{pages} pages are whole") : new("file", false, $"is damaged: {first}");
    }

    private static LedgerFinding Schema(SqliteSession session)
    {
        if (Count(session, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'") == 0)
        {
            return new("schema", false, "this is no ledger");
        }

        var version = Count(session, "SELECT coalesce(max(version), 0) FROM schema_version");
        return version == LedgerSchema.Newest
            ? new("schema", true, $"version {version}")
            : new("schema", false, $"version {version}; this program's is {LedgerSchema.Newest}: use the program that wrote it, or start the service once");
    }

    private static LedgerFinding Audit(SqliteSession session)
    {
        var head = GateRows.Read(session);
        var verdict = AuditChain.Verify(AuditRows.Stream(session), head.AuditSequence, head.AuditHash);
        return verdict.FirstBroken is { } broken
            ? new("audit", false, $"broken at entry {broken}: {verdict.Why}")
            : new("audit", true, $"{verdict.Entries} entries are chained");
    }

    /// <summary>No row bears a number that the gate has not given out: the next admission would take it again.</summary>
    private static LedgerFinding Gate(SqliteSession session)
    {
        var number = GateRows.Read(session).Number;
        var highest = Count(
            session,
            "SELECT max(coalesce((SELECT max(number) FROM orders), 0), coalesce((SELECT max(ended_after) FROM orders), 0), "
            + "coalesce((SELECT max(number) FROM stops), 0), coalesce((SELECT max(release_number) FROM stops), 0), "
            + "coalesce((SELECT max(number) FROM carve_outs), 0), coalesce((SELECT max(put_back) FROM carve_outs), 0), "
            + "coalesce((SELECT max(narrow_number) FROM stops), 0), coalesce((SELECT max(again_number) FROM stops), 0), "
            + "coalesce((SELECT max(paused_at) FROM pauses), 0), coalesce((SELECT max(resumed_at) FROM pauses), 0))");
        return highest <= number
            ? new("gate", true, $"number {number}, no row is beyond it")
            : new("gate", false, $"its number is {number}, but a row bears {highest}");
    }

    private static LedgerFinding Latches(SqliteSession session)
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

    /// <summary>What decides on active orders (the index, the state, the mark of the end) agrees.</summary>
    private static LedgerFinding Orders(SqliteSession session)
    {
        var indexed = Count(session, "SELECT count(*) FROM orders INDEXED BY orders_active WHERE ended_after IS NULL");
        var marked = Count(session, "SELECT count(*) FROM orders NOT INDEXED WHERE ended_after IS NULL");
        var astray = Count(
            session,
            $"SELECT count(*) FROM orders NOT INDEXED WHERE (ended_after IS NULL) <> (state IN ({(int)OrderState.InFlight}, {(int)OrderState.Open}, {(int)OrderState.Unknown}))");
        if (indexed != marked)
        {
            return new("orders", false, $"{marked} are active, and the index of active orders holds {indexed}");
        }

        return astray == 0
            ? new("orders", true, $"{marked} are active, and their index agrees")
            : new("orders", false, $"{astray} are active by their state and ended by their mark, or the other way round");
    }

    private static long Count(SqliteSession session, string sql) => session.Sql(sql).First(static r => r.Long());
}
