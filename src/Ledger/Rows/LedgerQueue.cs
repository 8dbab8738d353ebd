using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EmergencyStop.Ledger.Rows;

/// <summary>What waits for the writer: stops and the like first, then the rest in order, and what may wait until somebody else commits.</summary>
internal sealed class LedgerQueue(int limit)
{
    private const int MostUrgent = 100_000;
    private readonly ConcurrentQueue<LedgerJob> _urgent = new();
    private readonly ConcurrentQueue<LedgerJob> _normal = new();
    private readonly ConcurrentQueue<LedgerJob> _lazy = new();
    private readonly Signal _wake = new();
    private int _urgentCount;
    private int _normalCount;
    private bool _asleep;
    private bool _closed;
    private bool _ended;

    /// <summary>Whether something waits at the head.</summary>
    public bool HasUrgent => Volatile.Read(ref _urgentCount) > 0;

    /// <summary>Whether something waits that is not lazy.</summary>
    public bool HasWork => HasUrgent || Volatile.Read(ref _normalCount) > 0;

    /// <summary>Whether something lazy waits.</summary>
    public bool HasLazy => !_lazy.IsEmpty;

    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Adds at the head; without a wake-up where the caller sees to it that the work is done.</summary>
    public void AddUrgent(LedgerJob job, bool wake = true) => Add(job, _urgent, ref _urgentCount, MostUrgent, wake);

    public void AddNormal(LedgerJob job) => Add(job, _normal, ref _normalCount, limit);

    /// <summary>Puts a cut job behind everything that waits; it was let in once and is not refused now.</summary>
    public void AddAgain(LedgerJob job)
    {
        Interlocked.Increment(ref _normalCount);
        Put(job, _normal);
    }

    /// <summary>Adds work that goes along with a later batch, or alone when nothing else is to do.</summary>
    public void AddLazy(LedgerJob job) => _lazy.Enqueue(job);

    public bool TakeUrgent([NotNullWhen(true)] out LedgerJob? job) => Take(_urgent, ref _urgentCount, out job);

    public bool TakeNormal([NotNullWhen(true)] out LedgerJob? job) => Take(_normal, ref _normalCount, out job);

    public bool TakeLazy([NotNullWhen(true)] out LedgerJob? job) => _lazy.TryDequeue(out job);

    /// <summary>Sleeps until there is work, or the time is over.</summary>
    public void Wait(TimeSpan atMost)
    {
        Volatile.Write(ref _asleep, true);
        Interlocked.MemoryBarrier();
        if (!HasWork && !IsClosed)
        {
            _wake.Wait(atMost);
        }

        Volatile.Write(ref _asleep, false);
    }

    /// <summary>Ends a sleep.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Takes no more; what waits is still run.</summary>
    public void Close()
    {
        Volatile.Write(ref _closed, true);
        _wake.Set();
    }

    /// <summary>Nothing is run any more: whoever waits, or comes later, hears so.</summary>
    public void End()
    {
        Volatile.Write(ref _closed, true);
        Volatile.Write(ref _ended, true);
        Interlocked.MemoryBarrier();
        FailAll(new LedgerUnavailableException("The ledger was closed before this was written."));
    }

    /// <summary>Answers everybody who waits that the ledger cannot be written.</summary>
    public void FailAll(Exception why)
    {
        while (TakeUrgent(out var job) || TakeNormal(out job))
        {
            job.Fail(why);
        }
    }

    private void Add(LedgerJob job, ConcurrentQueue<LedgerJob> queue, ref int count, int most, bool wake = true)
    {
        if (IsClosed)
        {
            job.Fail(new LedgerUnavailableException("The ledger is closed."));
            return;
        }

        if (Interlocked.Increment(ref count) > most)
        {
            Interlocked.Decrement(ref count);
            job.Fail(new LedgerUnavailableException("The ledger's queue is full: more work comes in than its disk can take."));
            return;
        }

        Put(job, queue, wake);
    }

    private void Put(LedgerJob job, ConcurrentQueue<LedgerJob> queue, bool wake = true)
    {
        queue.Enqueue(job);
        Interlocked.MemoryBarrier();
        if (wake && Volatile.Read(ref _asleep))
        {
            _wake.Set();
        }

        if (Volatile.Read(ref _ended))
        {
            End();
        }
    }

    private static bool Take(ConcurrentQueue<LedgerJob> queue, ref int count, [NotNullWhen(true)] out LedgerJob? job)
    {
        if (!queue.TryDequeue(out job))
        {
            return false;
        }

        Interlocked.Decrement(ref count);
        return true;
    }
}
