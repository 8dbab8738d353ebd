using System.Reflection;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Brings the schema up to date, by whichever process comes first.</summary>
internal static class PostgreSqlSchema
{
    private const string Folder = "EmergencyStop.Ledger.PostgreSql.Schema.";

    /// <summary>The newest schema that this program knows.</summary>
    public static int Newest { get; } = Scripts()[^1].Version;

    /// <summary>Applies what is missing, each script in a transaction of its own behind the schema lock.</summary>
    /// <exception cref="LedgerUnavailableException">A newer program made the schema.</exception>
    public static void Update(PostgreSqlSession session, string name)
    {
        if (VersionOf(session, name) == Newest)
        {
            return;
        }

        session.Execute("SET idle_in_transaction_session_timeout = 0"); // Nothing else goes on while tables are made.
        foreach (var (version, script) in Scripts())
        {
            session.Execute("BEGIN");
            session.Execute($"SELECT pg_advisory_xact_lock({Locks.Of(Locks.Schema)})");
            session.Execute($"CREATE SCHEMA IF NOT EXISTS {PostgreSqlConnections.Schema}");
            session.Execute("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL PRIMARY KEY, name text NOT NULL)");
            if (VersionOf(session, name) < version)
            {
                session.Execute(Text(script));
                session.Execute($"INSERT INTO schema_version VALUES ({version.ToString(Values.Invariant)}, '{script[Folder.Length..]}')");
            }

            session.Execute("COMMIT");
        }

        session.Execute("RESET idle_in_transaction_session_timeout");
    }

    private static int VersionOf(PostgreSqlSession session, string name)
    {
        var exists = session.Sql("SELECT (to_regclass(?) IS NOT NULL)::int").Bind($"{PostgreSqlConnections.Schema}.schema_version")
            .First(static r => r.Bool());
        var version = exists ? session.Sql("SELECT coalesce(max(version), 0) FROM schema_version").First(static r => r.Int()) : 0;
        return version <= Newest
            ? version
            : throw new LedgerUnavailableException(
                $"The ledger in {name} has schema {version}, and this program knows schemas up to {Newest}: run the newer program that wrote it.");
    }

    private static List<(int Version, string Name)> Scripts() =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Select(n => (int.Parse(n.AsSpan(Folder.Length, 4), Values.Invariant), n))
            .Order()];

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!; // The name is one of its own.
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
