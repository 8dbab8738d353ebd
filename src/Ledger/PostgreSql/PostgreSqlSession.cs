using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using EmergencyStop.Ledger.Rows;
using Npgsql;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>One connection; used by one thread at a time. What is posted goes out with the next read, or with the commit, in one message.</summary>
internal sealed partial class PostgreSqlSession : LedgerSession, IDisposable
{
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);
    private readonly NpgsqlConnection _connection;
    private readonly List<NpgsqlBatchCommand> _posted = [];

    public PostgreSqlSession(NpgsqlConnection connection) => _connection = connection;

    /// <summary>The server's process behind this connection.</summary>
    public int ProcessId => _connection.ProcessID;

    /// <summary>Whether it can be used; a broken one is thrown away.</summary>
    public bool IsOpen => _connection.State == System.Data.ConnectionState.Open;

    /// <summary>Most statements that wait for the next read: what they take is felt by whoever measures time.</summary>
    private const int MostPosted = 256;

    public override Statement Sql(string text) => new PostgreSqlStatement(this, Texts.GetOrAdd(text, Translate));

    /// <summary>Adds a statement to the next message; it gives no rows.</summary>
    public void Post(NpgsqlBatchCommand command)
    {
        if (_posted.Count >= MostPosted)
        {
            Flush();
        }

        _posted.Add(command);
    }

    public void Post(string text) => _posted.Add(new(text));

    /// <summary>Sends what is posted and a statement that gives rows.</summary>
    public NpgsqlDataReader Query(NpgsqlBatchCommand command)
    {
        using var batch = Batch();
        batch.BatchCommands.Add(command);
        return batch.ExecuteReader();
    }

    /// <summary>Sends what is posted and a statement that changes rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run(NpgsqlBatchCommand command)
    {
        using var batch = Batch();
        batch.BatchCommands.Add(command);
        batch.ExecuteNonQuery();
        return checked((int)command.Rows);
    }

    /// <summary>Sends what is posted.</summary>
    public void Flush()
    {
        if (_posted.Count > 0)
        {
            using var batch = Batch();
            batch.ExecuteNonQuery();
        }
    }

    /// <summary>Sends what is posted, a statement that gives one number, and the commit.</summary>
    /// <returns>The number.</returns>
    public long Committing(NpgsqlBatchCommand command)
    {
        using var batch = Batch();
        batch.BatchCommands.Add(command);
        batch.BatchCommands.Add(new("COMMIT"));
        using var rows = batch.ExecuteReader();
        var number = 0L;
        do
        {
            // The audit's call before it gives a row of nothing.
            while (rows.Read())
            {
                number = rows.GetFieldType(0) == typeof(long) ? rows.GetInt64(0) : number;
            }
        }
        while (rows.NextResult());
        return number;
    }

    /// <summary>Sends several statements outside a transaction: the server commits them together.</summary>
    public NpgsqlDataReader Together(IEnumerable<NpgsqlBatchCommand> commands)
    {
        using var batch = Batch();
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch.ExecuteReader();
    }

    /// <summary>Runs one or more statements without values.</summary>
    public void Execute(string text)
    {
        using var command = new NpgsqlCommand(text, _connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Reads in one snapshot.</summary>
    public T Snapshot<T>(Func<LedgerSession, T> read)
    {
        Post("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        var result = read(this);
        Post("COMMIT");
        Flush();
        return result;
    }

    /// <summary>Reads rows before they are asked for one by one, in two questions in place of thousands.</summary>
    public void LookAhead(RowsWanted wanted)
    {
        var orders = new PostgreSqlStatement(this, $"SELECT {OrderRows.Columns} FROM orders WHERE id = ANY ($1)")
            .Bind(PostgreSqlValues.Texts(wanted.Orders)).All(OrderRows.Read);
        var outcomes = wanted.Outcomes.Count == 0 ? [] : new PostgreSqlStatement(
                this,
                $"SELECT s.id, u.item, {OutcomeRows.StandingColumns} FROM stops s JOIN outcomes u ON u.stop = s.number AND u.kind = 0 AND u.item = ANY ($2) WHERE s.id = ANY ($1)")
            .Bind(PostgreSqlValues.Texts(wanted.Outcomes.Select(o => o.Stop).Distinct())).Bind(PostgreSqlValues.Texts(wanted.Outcomes.Select(o => o.Order).Distinct()))
            .All(static r => (Key: (r.Text(), r.Text()), Standing: OutcomeRows.ReadStanding(r)));
        Ahead = new(orders, wanted.Outcomes, outcomes.ToDictionary(o => o.Key, o => o.Standing));
    }

    /// <summary>What was read ahead holds for one transaction.</summary>
    public void ForgetAhead() => Ahead = null;

    /// <summary>Undoes what is under way; a connection that cannot even do that is closed.</summary>
    public void GoBack()
    {
        _posted.Clear();
        ForgetAhead();
        try
        {
            Execute("ROLLBACK");
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            Dispose();
        }
    }

    public void Dispose() => _connection.Dispose();

    private static string Translate(string text)
    {
        var plain = IndexHint().Replace(text, string.Empty).Replace("json_array(", "jsonb_build_array(", StringComparison.Ordinal);
        var translated = new StringBuilder(plain.Length + 32);
        var values = 0;
        foreach (var c in plain)
        {
            _ = c == '?' ? translated.Append('$').Append(++values) : translated.Append(c);
        }

        return translated.ToString();
    }

    /// <summary>SQLite's planner is told which index to use; this one decides itself.</summary>
    [GeneratedRegex(" (?:INDEXED BY [a-z_]+|NOT INDEXED)", RegexOptions.None, 1_000)]
    private static partial Regex IndexHint();

    private NpgsqlBatch Batch()
    {
        var batch = new NpgsqlBatch(_connection);
        foreach (var command in _posted)
        {
            batch.BatchCommands.Add(command);
        }

        _posted.Clear();
        return batch;
    }
}
