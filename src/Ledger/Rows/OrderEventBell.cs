namespace EmergencyStop.Ledger.Rows;

/// <summary>Wakes those who follow orders when a commit has brought changes. Rung by the writer, which it never keeps.</summary>
internal sealed class OrderEventBell
{
    private TaskCompletionSource? _next;
    private long _last;

    /// <summary>Changes up to this id are committed.</summary>
    public void Ring(long last)
    {
        Volatile.Write(ref _last, last);
        Interlocked.MemoryBarrier(); // Whoever waits from here on sees the id; whoever waited before is woken below.
        Interlocked.Exchange(ref _next, null)?.TrySetResult();
    }

    /// <summary>Done once there may be a change after this id.</summary>
    public Task After(long after)
    {
        if (Volatile.Read(ref _last) > after)
        {
            return Task.CompletedTask;
        }

        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = Interlocked.CompareExchange(ref _next, mine, null) ?? mine;
        return Volatile.Read(ref _last) > after ? Task.CompletedTask : next.Task;
    }
}
