using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Checks a whole ledger as of one moment, without writing to it; a service may run on it.</summary>
public static class LedgerCheck
{
    private static readonly (string Name, Func<SqliteSession, LedgerFinding> Of)[] Checks =
        [("file", File), ("schema", Schema), ("audit", RowChecks.Audit), ("gate", RowChecks.Gate), ("latches", RowChecks.Latches), ("orders", Orders)];

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
        if (RowChecks.Count(session, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'") == 0)
        {
            return new("schema", false, "this is no ledger");
        }

        var version = RowChecks.Count(session, "SELECT coalesce(max(version), 0) FROM schema_version");
        return version == LedgerSchema.Newest
            ? new("schema", true, $"version {version}")
            : new("schema", false, $"version {version}; this program's is {LedgerSchema.Newest}: use the program that wrote it, or start the service once");
    }

    private static LedgerFinding Orders(SqliteSession session)
    {
        var indexed = RowChecks.Count(session, "SELECT count(*) FROM orders INDEXED BY orders_active WHERE ended_after IS NULL");
        var marked = RowChecks.Count(session, "SELECT count(*) FROM orders NOT INDEXED WHERE ended_after IS NULL");
        return RowChecks.Orders(session, marked, [("active orders", indexed)]);
    }
}
