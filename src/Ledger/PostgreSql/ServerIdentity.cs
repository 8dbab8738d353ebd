using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Which ledger on which server answers: the server's system id, its timeline, and the ledger's own id.</summary>
/// <remarks>A restored copy has another system id or timeline, or a lower number; a fresh database another ledger id.</remarks>
internal static class ServerIdentity
{
    /// <summary>The oldest server that has what the schema uses.</summary>
    public const int OldestVersion = 140_000;

    /// <summary>What answers, as one word to be compared and noted.</summary>
    public static string Read(LedgerSession session) => session.Sql(
            "SELECT (SELECT system_identifier::text FROM pg_control_system()) || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '/' || "
            + "(SELECT ledger_id::text FROM pulse)")
        .First(static r => r.Text()) ?? throw new LedgerUnavailableException("The ledger's own id is missing: restore the ledger from a backup.");

    /// <summary>Why this server cannot keep a ledger, or <c>null</c>.</summary>
    public static string? WhyNot(LedgerSession session, string name, bool mayBeStandby = false)
    {
        var (version, fsync, pages, encoding, standby) = session.Sql(
                "SELECT current_setting('server_version_num')::int, current_setting('fsync'), current_setting('full_page_writes'), "
                + "(SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()), pg_is_in_recovery()::int")
            .First(static r => (r.Int(), r.Text(), r.Text(), r.Text(), r.Bool()));
        return WhyNot(name, version, fsync, pages, encoding, standby && !mayBeStandby);
    }

    internal static string? WhyNot(string name, int version, string fsync, string pages, string encoding, bool standby)
    {
        if (version < OldestVersion)
        {
            return $"The database server of {name} is PostgreSQL {version / 10_000}, and the ledger needs {OldestVersion / 10_000} or newer: upgrade it, or name another.";
        }

        if (standby)
        {
            return $"The database {name} is a read-only replica: name the primary server in ConnectionStrings:Ledger.";
        }

        if (fsync != "on" || pages != "on")
        {
            return $"The database server of {name} may lose what it has acknowledged (fsync is {fsync}, full_page_writes is {pages}): set both to on.";
        }

        return encoding == "UTF8" ? null : $"The database {name} is encoded as {encoding}: create one with ENCODING 'UTF8', and name that.";
    }
}
