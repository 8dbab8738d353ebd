using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Orleans.Solo;

/// <summary>What a compare-and-set did.</summary>
/// <param name="Replaced">Whether the record had the expected version.</param>
/// <param name="Version">The record's version now; null if there is none.</param>
internal readonly record struct ReplaceOutcome(bool Replaced, long? Version);

/// <summary>The one writer of the file: a thread with a connection of its own.</summary>
internal sealed class SqliteWriter : IAsyncDisposable, IDisposable
{
    /// <summary>The longest that a disposal blocks for the last commit.</summary>
    private static readonly TimeSpan LastCommit = TimeSpan.FromSeconds(5);

    /// <summary>Most writes in one commit, so that none waits long for its neighbours.</summary>
    private const int MostInACommit = 256;

    private const string Insert =
        "INSERT INTO grain_state (grain_id, state_name, version, json) VALUES ($grain, $name, 1, $json) ON CONFLICT DO NOTHING RETURNING version";

    private const string Update =
        """
        UPDATE grain_state SET version = version + 1, json = $json, written_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
        WHERE grain_id = $grain AND state_name = $name AND version = $expected RETURNING version
        """;

    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _connectionString;
    private readonly Thread _thread;

    public SqliteWriter(string connectionString)
    {
        _connectionString = connectionString;
        _thread = new Thread(Run) { IsBackground = true, Name = "grain state writer" };
        _thread.Start();
    }

    public Task<ReplaceOutcome> ReplaceAsync(string grainId, string stateName, string? expected, string? json)
    {
        var job = new Job(grainId, stateName, expected, json);
        return _jobs.Writer.TryWrite(job)
            ? job.Done.Task
            : Task.FromException<ReplaceOutcome>(new ObjectDisposedException(nameof(SqliteGrainStorage)));
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _ended.Task;
    }

    public void Dispose()
    {
        _jobs.Writer.TryComplete();
        _thread.Join(LastCommit);
    }

    private static ReplaceOutcome Replace(SqliteConnection connection, SqliteTransaction transaction, Job job)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = job.Expected is null ? Insert : Update;
        command.Parameters.AddWithValue("$grain", job.GrainId);
        command.Parameters.AddWithValue("$name", job.StateName);
        command.Parameters.AddWithValue("$json", (object?)job.Json ?? DBNull.Value);
        if (job.Expected is not null)
        {
            var known = long.TryParse(job.Expected, NumberStyles.None, CultureInfo.InvariantCulture, out var version);
            command.Parameters.AddWithValue("$expected", known ? version : -1);
        }

        if (command.ExecuteScalar() is long replaced)
        {
            return new(Replaced: true, replaced);
        }

        command.CommandText = "SELECT version FROM grain_state WHERE grain_id = $grain AND state_name = $name";
        return new(Replaced: false, command.ExecuteScalar() as long?);
    }

    private void Run()
    {
        using (var connection = new SqliteConnection(_connectionString))
        {
            connection.Open();
            using (var pragma = connection.CreateCommand())
            {
                pragma.CommandText = "PRAGMA synchronous = FULL";
                pragma.ExecuteNonQuery();
            }

            var batch = new List<Job>(MostInACommit);
            while (TakeBatch(batch))
            {
                Commit(connection, batch);
                batch.Clear();
            }
        }

        _ended.TrySetResult();
    }

    /// <summary>Waits for the first write and takes those behind it; false when no more come.</summary>
    private bool TakeBatch(List<Job> batch)
    {
        var more = _jobs.Reader.WaitToReadAsync().AsTask();
        if (!more.GetAwaiter().GetResult()) // a thread of its own, which may block
        {
            return false;
        }

        while (batch.Count < MostInACommit && _jobs.Reader.TryRead(out var job))
        {
            batch.Add(job);
        }

        return true;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every writer of the batch learns of it.")]
    private static void Commit(SqliteConnection connection, List<Job> batch)
    {
        try
        {
            var outcomes = new ReplaceOutcome[batch.Count];
            using (var transaction = connection.BeginTransaction(deferred: false))
            {
                for (var i = 0; i < outcomes.Length; i++)
                {
                    outcomes[i] = Replace(connection, transaction, batch[i]);
                }

                transaction.Commit();
            }

            for (var i = 0; i < outcomes.Length; i++)
            {
                batch[i].Done.TrySetResult(outcomes[i]);
            }
        }
        catch (Exception exception)
        {
            foreach (var job in batch)
            {
                job.Done.TrySetException(exception);
            }
        }
    }

    private sealed record Job(string GrainId, string StateName, string? Expected, string? Json)
    {
        public TaskCompletionSource<ReplaceOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
