using System.Collections.Concurrent;
using EmergencyStop.Ledger.Rows;
using Microsoft.Data.Sqlite;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Reads, each in a snapshot of its own: single rows on the caller's thread, lists on threads of their own.</summary>
internal sealed class LedgerReaders(SqliteLedgerOptions options) : IAsyncDisposable
{
    private const int MostWaiting = 10_000;
    private const int MostIdle = 16;
    private readonly BlockingCollection<Action<SqliteSession?>> _waiting = new(MostWaiting);
    private readonly ConcurrentStack<SqliteSession> _idle = new();
    private readonly List<Task> _ended = [];
    private bool _open;

    public void Start()
    {
        for (var i = 0; i < options.Readers; i++)
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ended.Add(ended.Task);
            new Thread(() => Work(ended)) { IsBackground = true, Name = $"ledger reader {i}" }.Start();
        }

        Volatile.Write(ref _open, true);
    }

    /// <summary>Reads at once, on this thread: for what is found by an index in one step.</summary>
    public T Read<T>(Func<SqliteSession, T> read)
    {
        ThrowIfClosed();
        SqliteSession? session = null;
        try
        {
            session = _idle.TryPop(out var idle) ? idle : SqliteSession.Open(options, readOnly: true);
            var result = session.Snapshot(read);
            Keep(session);
            return result;
        }
        catch (SqliteException trouble)
        {
            session?.Dispose();
            throw SqliteTrouble.Unavailable(trouble, options.Path);
        }
    }

    /// <summary>Reads on a reader's thread: for lists.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(session => Run(session, read, answer, cancellationToken)))
        {
            throw new LedgerUnavailableException("Too many reads of the ledger are waiting.");
        }

        return cancellationToken.CanBeCanceled ? answer.Task.WaitAsync(cancellationToken) : answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _open, false);
        _waiting.CompleteAdding();
        await Task.WhenAll(_ended);
        while (_idle.TryPop(out var session))
        {
            session.Dispose();
        }

        _waiting.Dispose();
    }

    private void Work(TaskCompletionSource ended)
    {
        SqliteSession? session = null;
        foreach (var read in _waiting.GetConsumingEnumerable())
        {
            try
            {
                session ??= SqliteSession.Open(options, readOnly: true);
            }
            catch (SqliteException)
            {
                // The read below finds no session and says so.
            }

            read(session);
        }

        session?.Dispose();
        ended.TrySetResult();
    }

    private void Run<T>(SqliteSession? session, Func<SqliteSession, T> read, TaskCompletionSource<T> answer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            answer.TrySetCanceled(cancellationToken);
            return;
        }

        try
        {
            answer.TrySetResult(session is null ? throw Gone() : session.Snapshot(read));
        }
        catch (SqliteException trouble)
        {
            answer.TrySetException(SqliteTrouble.Unavailable(trouble, options.Path));
        }
        catch (Exception trouble)
        {
            answer.TrySetException(trouble);
        }
    }

    private LedgerUnavailableException Gone() => new($"The ledger {options.Path} cannot be opened for reading.");

    private void Keep(SqliteSession session)
    {
        if (_idle.Count < MostIdle && Volatile.Read(ref _open))
        {
            _idle.Push(session);
        }
        else
        {
            session.Dispose();
        }
    }

    private void ThrowIfClosed()
    {
        if (!Volatile.Read(ref _open))
        {
            throw new LedgerUnavailableException("The ledger is not open.");
        }
    }
}
