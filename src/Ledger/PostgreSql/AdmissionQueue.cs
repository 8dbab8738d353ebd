using System.Collections.Concurrent;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>An order that waits to be admitted.</summary>
internal sealed class AskedOrder(NewOrder order)
{
    public NewOrder Order => order;

    public TaskCompletionSource<AdmitAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The orders that wait to be admitted, first come first served to whichever connection is free.</summary>
internal sealed class AdmissionQueue(int limit)
{
    private readonly ConcurrentQueue<AskedOrder> _waiting = new();
    private readonly Signal _wake = new();
    private readonly Lock _taking = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private AskedOrder? _left;
    private int _count;
    private bool _closed;

    public bool IsClosed => Volatile.Read(ref _closed);

    public bool IsEmpty => _waiting.IsEmpty && Volatile.Read(ref _left) is null;

    public Task<AdmitAnswer> Add(NewOrder order)
    {
        if (IsClosed)
        {
            throw new LedgerUnavailableException("The ledger is closed.");
        }

        if (Interlocked.Increment(ref _count) > limit)
        {
            Interlocked.Decrement(ref _count);
            throw new LedgerUnavailableException("The ledger's queue is full: more work comes in than its server can take.");
        }

        var asked = new AskedOrder(order);
        _waiting.Enqueue(asked);
        _wake.Set();
        return asked.Answer.Task;
    }

    /// <summary>The next orders that may go together: none twice, and alone what has a rule of its own.</summary>
    public List<AskedOrder> Take(int most)
    {
        var batch = new List<AskedOrder>();
        lock (_taking)
        {
            _names.Clear();
            while (batch.Count < most && Next() is { } asked)
            {
                var isAlone = asked.Order.PastGate is not null || asked.Order.Replaces is not null;
                if ((isAlone && batch.Count > 0) || !AreNew(asked.Order))
                {
                    _left = asked;
                    break;
                }

                batch.Add(asked);
                if (isAlone)
                {
                    break;
                }
            }
        }

        if (!IsEmpty)
        {
            _wake.Set(); // Another connection may be free.
        }

        return batch;
    }

    /// <summary>Sleeps until there is something to take, or until the time is over.</summary>
    public void Wait(TimeSpan atMost) => _wake.Wait(atMost);

    public void Close()
    {
        Volatile.Write(ref _closed, true);
        _wake.Set();
    }

    public void FailAll(Exception why)
    {
        lock (_taking)
        {
            while (Next() is { } asked)
            {
                asked.Answer.TrySetException(why);
            }
        }
    }

    private AskedOrder? Next()
    {
        if (_left is { } left)
        {
            _left = null;
            return left;
        }

        if (!_waiting.TryDequeue(out var asked))
        {
            return null;
        }

        Interlocked.Decrement(ref _count);
        return asked;
    }

    private bool AreNew(NewOrder order) =>
        _names.Add(order.Id.Value)
        && (order.Terms.ClientOrderId is not { } client || _names.Add($"{order.Terms.User.Value}/{client.Value}"));
}
