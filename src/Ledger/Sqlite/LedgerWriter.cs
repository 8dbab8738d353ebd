using System.Diagnostics;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>The one thread that writes: it runs what waits in batches of one commit, stops and the like first.</summary>
internal sealed class LedgerWriter
{
    /// <summary>Longest time that lazy work waits, and that another process's latch goes unseen, while nothing else is to do.</summary>
    private static readonly TimeSpan IdleTick = TimeSpan.FromMilliseconds(100);

    private readonly SqliteLedgerOptions _options;
    private readonly LedgerQueue _queue;
    private readonly LedgerCheckpoints _checkpoints;
    private readonly ActiveOrders _active;
    private readonly CommitBells _bells;
    private readonly TimeProvider _time;
    private readonly Lock _turn = new();
    private readonly Slice _slice;
    private readonly List<LedgerJob> _done = [];
    private readonly List<LedgerJob> _unfinished = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _budgetTicks;
    private WriteTransaction? _transaction;
    private GateView _view = GateView.Unread;
    private long _batchStart;
    private long _lastCommit;
    private bool _inDoubt;

    public LedgerWriter(SqliteLedgerOptions options, LedgerQueue queue, LedgerCheckpoints checkpoints, ActiveOrders active, CommitBells bells, TimeProvider time)
    {
        (_options, _queue, _checkpoints, _active, _bells, _time) = (options, queue, checkpoints, active, bells, time);
        _slice = new(() => MustCommit);
        _budgetTicks = (long)(options.BatchBudget.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>The gate as of the last commit.</summary>
    public GateView View => Volatile.Read(ref _view);

    /// <summary>Done once the latches are read.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Done once the thread has ended and the file is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Time since the last commit that worked.</summary>
    public TimeSpan SinceCommit => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastCommit));

    /// <summary>Whether the batch under way must end here: its time is over, or a stop waits.</summary>
    public bool MustCommit => _queue.HasUrgent || IsBudgetSpent;

    private bool IsBudgetSpent => Stopwatch.GetTimestamp() - _batchStart > _budgetTicks;

    /// <summary>Runs what is urgent on the caller's thread when the writer is at rest: a stop need not wait for a thread to wake up.</summary>
    public void RunUrgentNow()
    {
        if (Volatile.Read(ref _transaction) is { } transaction && _turn.TryEnter())
        {
            try
            {
                if (_queue.HasUrgent && !_queue.IsClosed)
                {
                    RunBatch(transaction, mayWait: false);
                }
            }
            finally
            {
                _turn.Exit();
            }
        }

        if (_queue.HasWork)
        {
            _queue.Wake();
        }
    }

    public void Start() => new Thread(Work) { IsBackground = true, Name = "ledger writer" }.Start();

    private void Work()
    {
        try
        {
            using var session = LedgerSchema.Open(_options);
            var transaction = new WriteTransaction(session, _active, _bells);
            Rehearsal.Run(transaction, _time);
            transaction.Begin(mayWait: true); // Reads the latches.
            Volatile.Write(ref _view, transaction.Commit());
            _checkpoints.Start();
            Volatile.Write(ref _transaction, transaction);
            _opened.TrySetResult();
            try
            {
                Loop(transaction);
            }
            finally
            {
                lock (_turn)
                {
                    Volatile.Write(ref _transaction, null); // Before the session goes.
                }
            }
        }
        catch (SqliteException trouble)
        {
            _opened.TrySetException(SqliteTrouble.Unavailable(trouble, _options.Path));
        }
        catch (Exception trouble)
        {
            _opened.TrySetException(trouble);
        }
        finally
        {
            Volatile.Write(ref _view, GateView.Unread);
            _queue.End();
            _ended.TrySetResult();
        }
    }

    private void Loop(WriteTransaction transaction)
    {
        var closing = 0L;
        while (true)
        {
            if (_queue.IsClosed)
            {
                closing = closing == 0 ? Stopwatch.GetTimestamp() : closing;
                var late = Stopwatch.GetElapsedTime(closing) > _options.CloseTimeout;
                if (late || !(_queue.HasWork || _queue.HasLazy))
                {
                    return;
                }
            }
            else if (!MayWork())
            {
                _queue.Wait(IdleTick);
            }

            lock (_turn)
            {
                if (MayWork() || _queue.HasLazy || _inDoubt || (_queue.IsClosed && _queue.HasWork) || IsStale(transaction))
                {
                    RunBatch(transaction, mayWait: true);
                }
            }
        }
    }

    /// <summary>While a checkpoint catches up, only what is urgent runs.</summary>
    private bool MayWork() => _queue.HasUrgent || (_queue.HasWork && !_checkpoints.HoldsWriter);

    /// <summary>Whether another process has changed latches or pauses; asked while idle, so that the view does not grow old.</summary>
    private static bool IsStale(WriteTransaction transaction)
    {
        try
        {
            return transaction.IsStale();
        }
        catch (SqliteException)
        {
            return true; // The batch that follows tells what the trouble is.
        }
    }

    private void RunBatch(WriteTransaction transaction, bool mayWait)
    {
        var begun = false;
        try
        {
            if (!transaction.Begin(mayWait))
            {
                return; // Another process holds the lock: the writer's thread waits for it, not the caller's.
            }

            begun = true;
            _batchStart = Stopwatch.GetTimestamp();
            RunJobs(transaction);
            var view = transaction.Commit(_done.Count + _unfinished.Count);
            Volatile.Write(ref _view, view);
            Volatile.Write(ref _lastCommit, Stopwatch.GetTimestamp());
            _inDoubt = false;
        }
        catch (Exception trouble)
        {
            Undo(transaction, trouble, begun);
            return;
        }

        _checkpoints.Committed(transaction.Own.PagesWritten);
        foreach (var job in _done)
        {
            job.Succeed();
        }

        foreach (var job in _unfinished)
        {
            job.Succeed();
            _queue.AddAgain(job);
        }

        _done.Clear();
        _unfinished.Clear();
    }

    private void RunJobs(WriteTransaction transaction)
    {
        var urgent = false;
        while (!IsBudgetSpent || (_done.Count == 0 && _unfinished.Count == 0))
        {
            if (_queue.TakeUrgent(out var first))
            {
                urgent = true;
                Run(transaction, first);
            }
            else if (!urgent && _queue.TakeNormal(out var next))
            {
                Run(transaction, next);
            }
            else if (!urgent && _queue.TakeLazy(out var lazy))
            {
                Run(transaction, lazy);
            }
            else
            {
                return; // Nothing waits, or a stop is in this batch and must not wait for others.
            }
        }
    }

    private void Run(WriteTransaction transaction, LedgerJob job)
    {
        var guarded = job.IsGuarded;
        try
        {
            if (guarded)
            {
                transaction.Save();
            }

            (job.Run(transaction, _slice) ? _done : _unfinished).Add(job);
            if (guarded)
            {
                transaction.Keep();
            }
        }
        catch (Exception trouble) when (CanGoOn(transaction, trouble, guarded))
        {
            job.Fail(trouble is SqliteException of ? SqliteTrouble.OfOneJob(of, _options.Path) : trouble);
        }
        catch
        {
            _done.Add(job); // It fails with the batch.
            throw;
        }
    }

    /// <summary>Whether the job could be undone alone.</summary>
    private static bool CanGoOn(WriteTransaction transaction, Exception trouble, bool guarded)
    {
        if (!transaction.Own.InTransaction || !guarded || (trouble is SqliteException of && !SqliteTrouble.IsOfStatementOnly(of)))
        {
            return false;
        }

        transaction.GoBack();
        return true;
    }

    /// <summary>Whether the commit reached the disk is not known: everybody hears so, and the gate is read again before anything goes on.</summary>
    private void Undo(WriteTransaction transaction, Exception trouble, bool begun)
    {
        Volatile.Write(ref _view, GateView.Unread);
        _inDoubt = true;
        LedgerMeasures.Failed();
        var why = trouble is SqliteException of ? SqliteTrouble.Unavailable(of, _options.Path) : trouble;
        try
        {
            transaction.Abandon();
        }
        catch (SqliteException)
        {
            // SQLite has ended the transaction itself; the next one begins afresh.
        }

        foreach (var job in _done.Concat(_unfinished))
        {
            job.Fail(why);
        }

        _done.Clear();
        _unfinished.Clear();
        if (!begun)
        {
            _queue.FailAll(why); // Nobody is kept waiting for a ledger that cannot be written.
        }
    }
}
