using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>One connection with its prepared statements; used by one thread at a time.</summary>
internal sealed class SqliteSession : LedgerSession, IDisposable
{
    /// <summary>Pages copied between two looks at whether to go on.</summary>
    private const int PagesAtOnce = 2_000;

    private readonly sqlite3 _db;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private readonly int _busyTimeout;

    private SqliteSession(sqlite3 db, TimeSpan busyTimeout) => (_db, _busyTimeout) = (db, (int)busyTimeout.TotalMilliseconds);

    /// <summary>Whether a transaction is open; SQLite ends one by itself after some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    /// <summary>Pages written by this connection so far.</summary>
    public int PagesWritten
    {
        get
        {
            _ = raw.sqlite3_db_status(_db, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 0);
            return pages;
        }
    }

    public static SqliteSession Open(SqliteLedgerOptions options, bool readOnly)
    {
        Batteries_V2.Init();
        var flags = raw.SQLITE_OPEN_NOMUTEX
            | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(options.Path, out var db, flags, null);
        var session = new SqliteSession(db, options.BusyTimeout);
        if (code != raw.SQLITE_OK)
        {
            var trouble = new SqliteException(raw.sqlite3_errmsg(db).utf8_to_string(), code & 0xff, code);
            session.Dispose();
            throw trouble;
        }

        try
        {
            session.Configure(options, readOnly);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public override Statement Sql(string text)
    {
        if (!_statements.TryGetValue(text, out var statement))
        {
            statement = new(_db, text);
            _statements.Add(text, statement);
        }

        return statement;
    }

    /// <summary>Runs one or more statements without values, and throws away what they give.</summary>
    public void Execute(string text)
    {
        var code = raw.sqlite3_exec(_db, text);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_db).utf8_to_string(), code & 0xff, raw.sqlite3_extended_errcode(_db));
        }
    }

    /// <summary>Takes the write lock.</summary>
    /// <returns>False when another connection holds it and <paramref name="mayWait"/> is false.</returns>
    public bool TryBeginImmediate(bool mayWait)
    {
        if (mayWait)
        {
            Sql("BEGIN IMMEDIATE").Run();
            return true;
        }

        _ = raw.sqlite3_busy_timeout(_db, 0);
        try
        {
            Sql("BEGIN IMMEDIATE").Run();
            return true;
        }
        catch (SqliteException trouble) when (SqliteTrouble.IsBusy(trouble))
        {
            return false;
        }
        finally
        {
            _ = raw.sqlite3_busy_timeout(_db, _busyTimeout);
        }
    }

    /// <summary>Reads in one snapshot.</summary>
    public T Snapshot<T>(Func<SqliteSession, T> read)
    {
        Sql("BEGIN").Run();
        try
        {
            return read(this);
        }
        finally
        {
            if (InTransaction)
            {
                Sql("COMMIT").Run();
            }
        }
    }

    /// <summary>Copies everything into another file; within <see cref="Snapshot"/> it is of one moment.</summary>
    /// <param name="target">The other file.</param>
    /// <param name="progress">Told of pages copied, and of how many there are.</param>
    /// <param name="cancellationToken">Looked at between portions.</param>
    public void CopyTo(SqliteSession target, Action<int, int> progress, CancellationToken cancellationToken)
    {
        using var backup = raw.sqlite3_backup_init(target._db, "main", _db, "main");
        if (backup.IsInvalid)
        {
            throw new SqliteException(raw.sqlite3_errmsg(target._db).utf8_to_string(), raw.sqlite3_errcode(target._db));
        }

        int code;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            code = raw.sqlite3_backup_step(backup, PagesAtOnce);
            var all = raw.sqlite3_backup_pagecount(backup);
            progress(all - raw.sqlite3_backup_remaining(backup), all);
        }
        while (code == raw.SQLITE_OK);

        if (code != raw.SQLITE_DONE)
        {
            throw new SqliteException("The copy could not be made.", code & 0xff, code);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _db.Dispose();
    }

    private void Configure(SqliteLedgerOptions options, bool readOnly)
    {
        _ = raw.sqlite3_busy_timeout(_db, _busyTimeout);
        Execute("PRAGMA temp_store = MEMORY");
        Execute("PRAGMA cache_size = -" + (readOnly ? options.ReaderCacheKiB : options.WriterCacheKiB).ToString(Values.Invariant));
        if (!readOnly)
        {
            Execute("PRAGMA synchronous = FULL");
            Execute("PRAGMA wal_autocheckpoint = 0");
            Execute("PRAGMA journal_size_limit = 268435456");
        }
    }
}
