using System.Collections.Immutable;

namespace Orleans.Solo;

/// <summary>What became of the calls of one method.</summary>
internal sealed class CallCounters
{
    private readonly LatencyCounts _latencies = new();
    private long _failures;
    private long _timeouts;
    private long _ticks;

    public long Failures => Volatile.Read(ref _failures);

    public long Timeouts => Volatile.Read(ref _timeouts);

    /// <summary>From being sent to the end, summed, in timestamp ticks.</summary>
    public long Ticks => Volatile.Read(ref _ticks);

    /// <summary>How many took how long; their sum is how many there were.</summary>
    public ImmutableArray<long> Latencies => _latencies.Read();

    public void Ended(long ticks, TimeSpan latency, bool failed)
    {
        _latencies.Add(latency);
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
