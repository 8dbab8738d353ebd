namespace EmergencyStop.Ledger.Rows;

/// <summary>Wakes those who follow something when a commit has brought news of it. Rung by the writer, which it never keeps.</summary>
internal sealed class CommitBell
{
    private TaskCompletionSource? _next;
    private long _last;

    /// <summary>News up to this id is committed.</summary>
    public void Ring(long last)
    {
        Volatile.Write(ref _last, last);
        Interlocked.MemoryBarrier(); // Whoever waits from here on sees the id; whoever waited before is woken below.
        Interlocked.Exchange(ref _next, null)?.TrySetResult();
    }

    /// <summary>Done once there may be news after this id.</summary>
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

/// <summary>The bells of one ledger.</summary>
/// <param name="Orders">Rung for changes of orders.</param>
/// <param name="Events">Rung for events.</param>
internal sealed record CommitBells(CommitBell Orders, CommitBell Events)
{
    /// <summary>Bells that nobody has rung.</summary>
    public CommitBells()
        : this(new CommitBell(), new CommitBell())
    {
    }
}
