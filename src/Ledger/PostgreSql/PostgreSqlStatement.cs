using EmergencyStop.Ledger.Rows;
using Npgsql;
using NpgsqlTypes;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>One statement with its values; prepared by the driver once it has been used often.</summary>
internal sealed class PostgreSqlStatement(PostgreSqlSession session, string text) : Statement
{
    private readonly NpgsqlBatchCommand _command = new(text);
    private NpgsqlDataReader? _reader;
    private int _column;

    private NpgsqlDataReader Row => _reader ?? throw new InvalidOperationException("No row is being read.");

    public override Statement Bind(long value) => Add(new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint });

    public override Statement Bind(long? value) =>
        value is { } number ? Bind(number) : Add(new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });

    public override Statement Bind(string? value) => Add(PostgreSqlValues.Text(value));

    public override Statement Bind(ReadOnlySpan<byte> value) => Add(new NpgsqlParameter<byte[]> { TypedValue = value.ToArray() });

    public override int Run() => session.Run(_command);

    public override void Post() => session.Post(_command);

    public override T? First<T>(Func<Statement, T> read)
        where T : default
    {
        using (_reader = session.Query(_command))
        {
            _column = 0;
            return _reader.Read() ? read(this) : default;
        }
    }

    public override List<T> All<T>(Func<Statement, T> read)
    {
        using (_reader = session.Query(_command))
        {
            var rows = new List<T>();
            while (_reader.Read())
            {
                _column = 0;
                rows.Add(read(this));
            }

            return rows;
        }
    }

    /// <summary>Everything at once: a connection cannot read two statements in turns.</summary>
    public override IEnumerable<T> Stream<T>(Func<Statement, T> read) => All(read);

    public override long Long()
    {
        var column = _column++;
        return Row.GetFieldType(column) == typeof(long) ? Row.GetInt64(column)
            : Row.GetFieldType(column) == typeof(int) ? Row.GetInt32(column)
            : Row.GetInt16(column);
    }

    public override int Int() => checked((int)Long());

    public override long? LongOrNull()
    {
        if (Row.IsDBNull(_column))
        {
            _column++;
            return null;
        }

        return Long();
    }

    public override string Text() => Row.GetString(_column++);

    public override string? TextOrNull()
    {
        var column = _column++;
        return Row.IsDBNull(column) ? null : Row.GetString(column);
    }

    public override byte[] Blob() => Row.GetFieldValue<byte[]>(_column++);

    protected override void Pass(int columns) => _column += columns;

    /// <summary>Binds what only this database takes.</summary>
    public PostgreSqlStatement Bind(NpgsqlParameter value) => Add(value);

    private PostgreSqlStatement Add(NpgsqlParameter value)
    {
        _command.Parameters.Add(value);
        return this;
    }
}
