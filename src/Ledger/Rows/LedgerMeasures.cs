using System.Diagnostics;
using System.Diagnostics.Metrics;
using EmergencyStop.Telemetry;

namespace EmergencyStop.Ledger.Rows;

/// <summary>What is measured about the ledger, once a batch.</summary>
internal static class LedgerMeasures
{
    private static readonly Histogram<double> CommitTime = ServiceTelemetry.Meter.CreateHistogram(
        "emergency_stop.ledger.commit.duration", "s", "How long a commit takes to be on the disk.", tags: null, ServiceTelemetry.Seconds);

    private static readonly Histogram<int> BatchSize = ServiceTelemetry.Meter.CreateHistogram(
        "emergency_stop.ledger.batch.size",
        "{job}",
        "Pieces of work that one commit makes durable.",
        tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000] });

    private static readonly Counter<long> Failures =
        ServiceTelemetry.Meter.CreateCounter<long>("emergency_stop.ledger.failures", "{batch}", "Batches that could not be committed: nothing of them was admitted.");

    /// <summary>The start of a commit, for <see cref="Committed"/>.</summary>
    public static long Start() => CommitTime.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>A commit is on the disk.</summary>
    public static void Committed(int jobs, long start)
    {
        if (start != 0 && jobs > 0)
        {
            CommitTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
            BatchSize.Record(jobs);
        }
    }

    /// <summary>A batch is undone.</summary>
    public static void Failed() => Failures.Add(1);
}
