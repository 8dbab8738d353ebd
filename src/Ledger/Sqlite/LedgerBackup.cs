using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Copies a ledger as of one moment into one file of its own, while a service writes on.</summary>
public static class LedgerBackup
{
    /// <summary>Copies the ledger and checks the copy; the file appears under its name only when both are done.</summary>
    /// <param name="ledger">The ledger's file.</param>
    /// <param name="file">The backup; must not exist.</param>
    /// <param name="progress">Told of pages copied, and of how many there are.</param>
    /// <param name="cancellationToken">Ends it; nothing is left.</param>
    /// <returns>The first check that the copy does not pass, or <c>null</c>.</returns>
    /// <exception cref="LedgerUnavailableException">Either file cannot be used.</exception>
    /// <exception cref="IOException">The file exists already, or cannot be put in its place.</exception>
    public static LedgerFinding? Write(string ledger, string file, Action<int, int> progress, CancellationToken cancellationToken)
    {
        var partial = $"{file}.partial-{Environment.ProcessId.ToString(Values.Invariant)}";
        try
        {
            Copy(ledger, partial, progress, cancellationToken);
            if (LedgerCheck.Run(partial).FirstOrDefault(f => !f.Holds) is { } fault)
            {
                return fault;
            }

            File.Move(partial, file, overwrite: false);
            return null;
        }
        finally
        {
            foreach (var left in (string[])["", "-journal", "-wal", "-shm"])
            {
                File.Delete(partial + left);
            }
        }
    }

    private static void Copy(string ledger, string partial, Action<int, int> progress, CancellationToken cancellationToken)
    {
        using var source = Open(ledger, readOnly: true);
        using var target = Open(partial, readOnly: false);
        try
        {
            // An open snapshot keeps the copy at one moment; without one, every commit of the service would begin it again.
            source.Snapshot(session =>
            {
                _ = GateRows.Read(session);
                session.CopyTo(target, progress, cancellationToken);
                return true;
            });
            target.Execute("PRAGMA journal_mode = DELETE"); // One file, complete by itself; the service turns its log on again.
        }
        catch (SqliteException trouble)
        {
            throw SqliteTrouble.Unavailable(trouble, SqliteTrouble.IsOfDisk(trouble) ? partial : ledger);
        }
    }

    private static SqliteSession Open(string path, bool readOnly)
    {
        try
        {
            return SqliteSession.Open(new SqliteLedgerOptions { Path = path }, readOnly);
        }
        catch (SqliteException trouble)
        {
            throw SqliteTrouble.Unavailable(trouble, path);
        }
    }
}
