namespace Orleans.Solo;

/// <summary>What became of the calls of one method.</summary>
internal sealed class CallCounters
{
    private long _calls;
    private long _failures;
    private long _timeouts;
    private long _ticks;

    public long Calls => Volatile.Read(ref _calls);

    public long Failures => Volatile.Read(ref _failures);

    public long Timeouts => Volatile.Read(ref _timeouts);

    /// <summary>From being sent to the end, summed, in timestamp ticks.</summary>
    public long Ticks => Volatile.Read(ref _ticks);

    public void Ended(long ticks, bool failed)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _ticks, ticks);
        if (failed)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    public void TimedOut() => Interlocked.Increment(ref _timeouts);
}

/// <summary>How many activations of one grain class there are and were.</summary>
internal sealed class ActivationCounters
{
    private long _now;
    private long _ever;

    public long Now => Volatile.Read(ref _now);

    public long Ever => Volatile.Read(ref _ever);

    public void Activated()
    {
        Interlocked.Increment(ref _now);
        Interlocked.Increment(ref _ever);
    }

    public void Deactivated() => Interlocked.Decrement(ref _now);
}
