using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>One prepared statement: values are bound and columns read in the order of the text.</summary>
/// <remarks>It stands directly on SQLite's own calls: an ADO.NET command costs several times as much as the insert itself.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private int _bound;
    private int _column;

    public Statement(sqlite3 db, string sql)
    {
        _db = db;
        var code = raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement);
        ThrowIfBad(code);
    }

    public Statement Bind(long value)
    {
        ThrowIfBad(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    public Statement Bind(long? value)
    {
        ThrowIfBad(value is { } number
            ? raw.sqlite3_bind_int64(_statement, ++_bound, number)
            : raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(string? value)
    {
        ThrowIfBad(value is null
            ? raw.sqlite3_bind_null(_statement, ++_bound)
            : raw.sqlite3_bind_text(_statement, ++_bound, value));
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> value)
    {
        ThrowIfBad(raw.sqlite3_bind_blob(_statement, ++_bound, value));
        return this;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        try
        {
            Step();
            return raw.sqlite3_changes(_db);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first row, or the default.</summary>
    public T? First<T>(Func<Statement, T> read)
    {
        try
        {
            return Step() ? read(this) : default;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Every row.</summary>
    public List<T> All<T>(Func<Statement, T> read)
    {
        try
        {
            var rows = new List<T>();
            while (Step())
            {
                rows.Add(read(this));
            }

            return rows;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Whether there is a row.</summary>
    public bool Any() => First(static _ => true);

    /// <summary>Every row, one at a time; the statement is busy until the enumeration ends.</summary>
    public IEnumerable<T> Stream<T>(Func<Statement, T> read)
    {
        try
        {
            while (Step())
            {
                yield return read(this);
            }
        }
        finally
        {
            Reset();
        }
    }

    public long Long() => raw.sqlite3_column_int64(_statement, _column++);

    public int Int() => raw.sqlite3_column_int(_statement, _column++);

    public bool Bool() => Int() != 0;

    public long? LongOrNull()
    {
        var column = _column++;
        return raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(_statement, column);
    }

    public string Text() => raw.sqlite3_column_text(_statement, _column++).utf8_to_string();

    public byte[] Blob() => raw.sqlite3_column_blob(_statement, _column++).ToArray();

    public string? TextOrNull()
    {
        var column = _column++;
        return raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL
            ? null
            : raw.sqlite3_column_text(_statement, column).utf8_to_string();
    }

    /// <summary>Passes over columns that belong to something absent.</summary>
    public T? Skip<T>(int columns)
        where T : class
    {
        _column += columns;
        return null;
    }

    public void Dispose() => _statement.Dispose();

    private bool Step()
    {
        _column = 0;
        var code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }

        throw Trouble(code);
    }

    private void Reset()
    {
        _bound = 0;
        _ = raw.sqlite3_reset(_statement); // It repeats the error of the step, which was thrown already.
    }

    private void ThrowIfBad(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            _bound = 0;
            throw Trouble(code);
        }
    }

    private SqliteException Trouble(int code) =>
        new(raw.sqlite3_errmsg(_db).utf8_to_string(), code & 0xff, raw.sqlite3_extended_errcode(_db));
}
