using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Turns SQLite's errors into one sentence that says what to do.</summary>
internal static class SqliteTrouble
{
    /// <summary>Whether only the statement failed, and the transaction it ran in still stands.</summary>
    public static bool IsOfStatementOnly(SqliteException trouble) =>
        trouble.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE or raw.SQLITE_ERROR;

    /// <summary>Whether another connection was in the way.</summary>
    public static bool IsBusy(SqliteException trouble) => trouble.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    /// <summary>Whether there was no room, or a file could not be written.</summary>
    public static bool IsOfDisk(SqliteException trouble) =>
        trouble.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN;

    /// <summary>What to tell when one job failed and the ledger is well: a row that is there already is the caller's bug.</summary>
    public static Exception OfOneJob(SqliteException trouble, string path) => trouble.SqliteErrorCode == raw.SQLITE_CONSTRAINT
        ? new InvalidOperationException("The ledger holds such a row already.", trouble)
        : Unavailable(trouble, path);

    public static LedgerUnavailableException Unavailable(SqliteException trouble, string path) =>
        new(Sentence(trouble.SqliteErrorCode, path), trouble);

    /// <summary>The sentence for one of SQLite's primary result codes.</summary>
    internal static string Sentence(int code, string path) => code switch
    {
        raw.SQLITE_NOTADB => $"{path} is not an SQLite file: name the ledger's file, or move this one away.",
        raw.SQLITE_CORRUPT => $"The ledger {path} is damaged: end the service, keep the file, and restore a backup (docs/ledger.md).",
        raw.SQLITE_FULL => $"The disk of the ledger {path} is full: make room on it.",
        raw.SQLITE_READONLY => $"The ledger {path} or its folder cannot be written: give this process write access to both.",
        raw.SQLITE_CANTOPEN => $"The ledger {path} cannot be opened: check that its folder exists, and give this process write access to it.",
        raw.SQLITE_PERM or raw.SQLITE_AUTH => $"This process may not use the ledger {path}: check its owner and permissions.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Another process holds the ledger {path} locked: end it, or let it finish.",
        raw.SQLITE_IOERR => $"The ledger {path} cannot be read or written by its disk: check the disk.",
        raw.SQLITE_NOMEM => $"There is not enough memory to use the ledger {path}.",
        _ => $"The ledger {path} cannot be used (SQLite error {code.ToString(Values.Invariant)}).",
    };
}
