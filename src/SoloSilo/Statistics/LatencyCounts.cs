using System.Collections.Immutable;
using System.Numerics;

namespace Orleans.Solo;

/// <summary>How many calls took how long: four buckets for each doubling of the time, so a percentile is exact to a quarter.</summary>
/// <remarks>One interlocked increment a call; read while it is written.</remarks>
public sealed class LatencyCounts
{
    private const int PerDoubling = 4;
    private const int Doublings = 40; // 2^40 ns are 18 minutes.

    private readonly long[] _counts = new long[PerDoubling * Doublings];

    /// <summary>Counts one call.</summary>
    public void Add(TimeSpan latency) => Interlocked.Increment(ref _counts[BucketOf((long)latency.TotalNanoseconds)]);

    /// <summary>The counts now.</summary>
    public ImmutableArray<long> Read()
    {
        var copy = ImmutableArray.CreateBuilder<long>(_counts.Length);
        for (var i = 0; i < _counts.Length; i++)
        {
            copy.Add(Volatile.Read(ref _counts[i]));
        }

        return copy.MoveToImmutable();
    }

    /// <summary>The sum of all counts.</summary>
    public static long Total(ImmutableArray<long> counts)
    {
        var total = 0L;
        foreach (var count in counts)
        {
            total += count;
        }

        return total;
    }

    /// <summary>The time within which the part <paramref name="quantile"/> of the calls ended; zero when there is none.</summary>
    public static TimeSpan Quantile(ImmutableArray<long> counts, double quantile)
    {
        var left = (long)Math.Ceiling(Total(counts) * quantile);
        for (var i = 0; i < counts.Length && left > 0; i++)
        {
            left -= counts[i];
            if (left <= 0)
            {
                return TimeSpan.FromTicks((UpperBound(i) + 99) / 100);
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>What was added between two readings.</summary>
    public static ImmutableArray<long> Between(ImmutableArray<long> before, ImmutableArray<long> after) =>
        before.IsDefault ? after : [.. after.Zip(before, static (now, then) => now - then)];

    private static int BucketOf(long nanos)
    {
        if (nanos < PerDoubling)
        {
            return (int)Math.Max(nanos, 0);
        }

        var doubling = BitOperations.Log2((ulong)nanos);
        var quarter = (int)(nanos >> (doubling - 2)) & (PerDoubling - 1);
        return Math.Min((doubling * PerDoubling) + quarter - PerDoubling, (PerDoubling * Doublings) - 1);
    }

    /// <summary>The longest time of a bucket, in nanoseconds.</summary>
    private static long UpperBound(int bucket)
    {
        if (bucket < PerDoubling)
        {
            return bucket;
        }

        var doubling = (bucket / PerDoubling) + 1;
        var quarter = bucket % PerDoubling;
        return ((PerDoubling + quarter + 1L) << (doubling - 2)) - 1;
    }
}
