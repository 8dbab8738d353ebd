using System.Collections.Concurrent;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>Reads, each in a snapshot of its own, on threads with a connection each.</summary>
internal sealed class PostgreSqlReaders(PostgreSqlSite site) : IAsyncDisposable
{
    private const int MostWaiting = 10_000;
    private readonly BlockingCollection<Action<PostgreSqlReader>> _waiting = new(MostWaiting);
    private readonly List<Task> _ended = [];
    private bool _open;

    public void Start()
    {
        for (var i = 0; i < site.Options.Readers; i++)
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ended.Add(ended.Task);
            new Thread(() => Work(ended)) { IsBackground = true, Name = $"ledger reader {i.ToString(Values.Invariant)}" }.Start();
        }

        Volatile.Write(ref _open, true);
    }

    /// <summary>Reads on one of the threads.</summary>
    public Task<T> ReadAsync<T>(Func<PostgreSqlSession, T> read, CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref _open))
        {
            throw new LedgerUnavailableException("The ledger is not open.");
        }

        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(reader => Run(reader, read, answer, cancellationToken)))
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
        _waiting.Dispose();
    }

    private void Work(TaskCompletionSource ended)
    {
        using (var reader = new PostgreSqlReader(site))
        {
            foreach (var read in _waiting.GetConsumingEnumerable())
            {
                read(reader);
            }
        }

        ended.TrySetResult();
    }

    private static void Run<T>(PostgreSqlReader reader, Func<PostgreSqlSession, T> read, TaskCompletionSource<T> answer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            answer.TrySetCanceled(cancellationToken);
            return;
        }

        try
        {
            answer.TrySetResult(reader.Read(read));
        }
        catch (Exception trouble)
        {
            answer.TrySetException(trouble);
        }
    }
}

/// <summary>One reading connection, opened when it is needed and again when it broke.</summary>
internal sealed class PostgreSqlReader(PostgreSqlSite site) : IDisposable
{
    private PostgreSqlSession? _session;

    public T Read<T>(Func<PostgreSqlSession, T> read)
    {
        var isFresh = _session is null;
        try
        {
            return read(_session ??= site.Connections.Open(ConnectionUse.Read));
        }
        catch (Exception trouble) when (PostgreSqlTrouble.Is(trouble) && !isFresh && _session is { IsOpen: false })
        {
            Dispose(); // The server was restarted since: what only reads is asked again at once, on a new connection.
            return Read(read);
        }
        catch (Exception trouble)
        {
            GoBack();
            throw site.Told(trouble, broken: false);
        }
    }

    public void Dispose()
    {
        _session?.Dispose();
        _session = null;
    }

    private void GoBack()
    {
        if (_session is { IsOpen: true } session)
        {
            session.GoBack();
        }

        if (_session is { IsOpen: false })
        {
            Dispose();
        }
    }
}
