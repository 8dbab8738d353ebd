using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>One prepared statement: values are bound and columns read in the order of the text.</summary>
/// <remarks>It stands directly on SQLite's own calls: an ADO.NET command costs several times as much as the insert itself.</remarks>
internal sealed class SqliteStatement : Statement, IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private int _bound;
    private int _column;

    public SqliteStatement(sqlite3 db, string sql)
    {
        _db = db;
        var code = raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement);
        ThrowIfBad(code);
    }

    public override Statement Bind(long value)
    {
        ThrowIfBad(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    public override Statement Bind(long? value)
    {
        ThrowIfBad(value is { } number
            ? raw.sqlite3_bind_int64(_statement, ++_bound, number)
            : raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    public override Statement Bind(string? value)
    {
        ThrowIfBad(value is null
            ? raw.sqlite3_bind_null(_statement, ++_bound)
            : raw.sqlite3_bind_text(_statement, ++_bound, value));
        return this;
    }

    public override Statement Bind(ReadOnlySpan<byte> value)
    {
        ThrowIfBad(raw.sqlite3_bind_blob(_statement, ++_bound, value));
        return this;
    }

    public override int Run()
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

    public override T? First<T>(Func<Statement, T> read)
        where T : default
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

    public override List<T> All<T>(Func<Statement, T> read)
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

    public override IEnumerable<T> Stream<T>(Func<Statement, T> read)
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

    public override long Long() => raw.sqlite3_column_int64(_statement, _column++);

    public override int Int() => raw.sqlite3_column_int(_statement, _column++);

    public override long? LongOrNull()
    {
        var column = _column++;
        return raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(_statement, column);
    }

    public override string Text() => raw.sqlite3_column_text(_statement, _column++).utf8_to_string();

    public override byte[] Blob() => raw.sqlite3_column_blob(_statement, _column++).ToArray();

    public override string? TextOrNull()
    {
        var column = _column++;
        return raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL
            ? null
            : raw.sqlite3_column_text(_statement, column).utf8_to_string();
    }

    protected override void Pass(int columns) => _column += columns;

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
