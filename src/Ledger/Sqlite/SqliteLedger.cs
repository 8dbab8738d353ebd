using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>The ledger in one SQLite file: write-ahead log, every commit on the disk before it is answered.</summary>
/// <remarks>
/// One thread writes. What arrives while it commits forms the next batch; engages, releases, pauses and resumes go first
/// and end the batch under way. Several processes may have the file open: each transaction reads the gate's row first.
/// </remarks>
public sealed partial class SqliteLedger : StoredLedger
{
    private static readonly TimeSpan FreshCommit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(2);
    private readonly SqliteLedgerOptions _options;
    private readonly LedgerQueue _queue;
    private readonly LedgerCheckpoints _checkpoints;
    private readonly ActiveOrders _active = new();
    private readonly CommitBells _bells = new();
    private readonly LedgerWriter _writer;
    private readonly LedgerReaders _readers;
    private int _started;
    private int _disposed;

    internal SqliteLedger(SqliteLedgerOptions options, TimeProvider time)
        : base(time)
    {
        _options = options;
        _queue = new(options.QueueLimit);
        _checkpoints = new(options, _queue);
        _writer = new(options, _queue, _checkpoints, _active, _bells, time);
        _readers = new(options);
    }

    /// <inheritdoc/>
    public override GateView Gate => _writer.View;

    /// <summary>Opens the file, makes or updates its schema, and reads the latches before anything is admitted.</summary>
    /// <exception cref="LedgerUnavailableException">The file cannot be used; the message says what to do.</exception>
    public static async Task<SqliteLedger> OpenAsync(SqliteLedgerOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var ledger = new SqliteLedger(options, time);
        try
        {
            await ledger.OpenAsync(cancellationToken);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    private protected override IActiveOrders Active => _active;

    /// <inheritdoc/>
    public override async ValueTask<LedgerHealth> HealthAsync(CancellationToken cancellationToken)
    {
        if (_writer.View.Number >= 0 && _writer.SinceCommit < FreshCommit)
        {
            return new("sqlite", true, null);
        }

        try
        {
            await Normal(static transaction => GateRows.Touch(transaction.Session), CancellationToken.None)
                .WaitAsync(HealthTimeout, Time, cancellationToken);
            return new("sqlite", true, null);
        }
        catch (LedgerUnavailableException trouble)
        {
            return new("sqlite", false, trouble.Message);
        }
        catch (TimeoutException)
        {
            return new("sqlite", false, $"A commit takes longer than {HealthTimeout.TotalSeconds} s.");
        }
    }

    /// <summary>Finishes what is queued, within <see cref="SqliteLedgerOptions.CloseTimeout"/>, and closes the file.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _queue.Close();
        _checkpoints.Close();
        await _checkpoints.Ended;
        await _readers.DisposeAsync();
        if (Volatile.Read(ref _started) == 1)
        {
            await _writer.Ended;
        }
    }

    internal async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            _writer.Start();
        }

        await _writer.Opened.WaitAsync(cancellationToken);
        _readers.Start();
    }

    private protected override ValueTask<AdmitAnswer> Admit(NewOrder order, CancellationToken cancellationToken) =>
        new(Normal(new AdmitJob(order), cancellationToken));

    private protected override ValueTask<T> ReadOne<T>(Func<LedgerSession, T> read) => new(_readers.Read(read));

    private protected override Task<T> ReadAsync<T>(Func<LedgerSession, T> read, CancellationToken cancellationToken) =>
        _readers.ReadAsync(read, cancellationToken);

    private protected override Task<T> Normal<T>(LedgerJob<T> job, CancellationToken cancellationToken)
    {
        _queue.AddNormal(job);
        return Wait(job.Answer, cancellationToken);
    }

    private protected override Task<T> Urgent<T>(LedgerJob<T> job, CancellationToken cancellationToken)
    {
        _queue.AddUrgent(job);
        return Wait(job.Answer, cancellationToken);
    }

    private protected override Task<T> AtOnce<T>(LedgerJob<T> job, CancellationToken cancellationToken)
    {
        _queue.AddUrgent(job, wake: false);
        _writer.RunUrgentNow();
        return Wait(job.Answer, cancellationToken);
    }

    private protected override ImmutableArray<UserId> Unclear(LedgerSession session, long upTo, UserId? after, int limit) =>
        UnclearRows.Users(session, _active, upTo, after, limit);
}
