using System.Reflection;
using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Opens the file for writing and brings its schema up to date; safe when several processes do so at once.</summary>
internal static class LedgerSchema
{
    private const int MostAttempts = 50;
    private const string Folder = "EmergencyStop.Ledger.Sqlite.Schema.";

    /// <summary>The newest schema that this program knows.</summary>
    public static int Newest { get; } = Scripts()[^1].Version;

    public static SqliteSession Open(SqliteLedgerOptions options)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(options.Path));
        try
        {
            Directory.CreateDirectory(folder!); // A full path of a file has a folder.
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new LedgerUnavailableException($"The ledger's folder {folder} cannot be made: check that this process may write there.", trouble);
        }

        var session = SqliteSession.Open(options, readOnly: false);
        try
        {
            _ = VersionOf(session, options.Path); // What is refused is refused before anything is written.
            UseWriteAheadLog(session);
            Migrate(session, options.Path);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The change of mode does not wait for locks by itself, so it is tried again while another process is at it.</summary>
    private static void UseWriteAheadLog(SqliteSession session)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                session.Execute("PRAGMA journal_mode = WAL");
                return;
            }
            catch (SqliteException busy) when (SqliteTrouble.IsBusy(busy) && attempt < MostAttempts)
            {
                new Signal().Wait(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    private static void Migrate(SqliteSession session, string path)
    {
        if (VersionOf(session, path) == Newest)
        {
            return;
        }

        foreach (var (version, name) in Scripts())
        {
            session.Execute("BEGIN IMMEDIATE");
            try
            {
                if (VersionOf(session, path) < version)
                {
                    session.Execute(
                        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT");
                    session.Execute(Read(name));
                    session.Execute($"INSERT INTO schema_version VALUES ({version.ToString(Values.Invariant)}, '{name[Folder.Length..]}')");
                }

                session.Execute("COMMIT");
            }
            catch
            {
                if (session.InTransaction)
                {
                    session.Execute("ROLLBACK");
                }

                throw;
            }
        }
    }

    private static int VersionOf(SqliteSession session, string path)
    {
        if (!HasTable(session, "schema_version"))
        {
            return HasTable(session, null)
                ? throw new LedgerUnavailableException($"{path} is an SQLite file of something else: name the ledger's file, or move this one away.")
                : 0;
        }

        var version = Query(session, "SELECT coalesce(max(version), 0) FROM schema_version");
        return version <= Newest
            ? version
            : throw new LedgerUnavailableException(
                $"The ledger {path} has schema {version}, and this program knows schemas up to {Newest}: run the newer program that wrote it.");
    }

    private static bool HasTable(SqliteSession session, string? name) => name is null
        ? Query(session, "SELECT count(*) FROM sqlite_schema") > 0
        : Query(session, $"SELECT count(*) FROM sqlite_schema WHERE name = '{name}'") > 0;

    private static int Query(SqliteSession session, string text) => session.Sql(text).First(static r => r.Int());

    private static List<(int Version, string Name)> Scripts() =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Select(n => (int.Parse(n.AsSpan(Folder.Length, 4), Values.Invariant), n))
            .Order()];

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!; // The name is one of its own.
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
