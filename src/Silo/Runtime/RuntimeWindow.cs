using System.Collections.Immutable;
using EmergencyStop.Runtime;

namespace EmergencyStop.Silo.Runtime;

/// <summary>Keeps the readings of the last minute, and answers with what happened since the oldest.</summary>
internal sealed class RuntimeWindow(IRuntimeCounters counters, TimeProvider time) : BackgroundService, IRuntimeFigures
{
    private const int MostSlowest = 5;
    private const int MostMethods = 100;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, ImmutableArray<MethodCounts> Methods)> _readings = new([(time.GetTimestamp(), [])]);

    /// <inheritdoc/>
    public async Task<RuntimeFigures> ReadAsync(CancellationToken cancellationToken)
    {
        long since;
        ImmutableArray<MethodCounts> before;
        lock (_gate)
        {
            (since, before) = _readings.Peek();
        }

        var passed = time.GetElapsedTime(since);
        var seconds = (passed < Shortest ? Shortest : passed).TotalSeconds;
        var known = before.ToDictionary(m => m.Method, StringComparer.Ordinal);
        var methods = counters.ReadMethods()
            .Select(m => m.Since(known.GetValueOrDefault(m.Method), seconds))
            .Where(m => m.Calls > 0 || m.Timeouts > 0)
            .OrderByDescending(m => m.Calls).ThenBy(m => m.Method, StringComparer.Ordinal)
            .ToImmutableArray();
        return new(
            counters.Host,
            Math.Round(seconds, 1),
            Math.Round(methods.Sum(m => m.Calls) / seconds, 2),
            counters.CallsInFlight,
            [.. (await counters.ReadGrainsAsync(cancellationToken)).OrderByDescending(g => g.Activations).ThenBy(g => g.Grain, StringComparer.Ordinal)],
            [.. methods.Take(MostMethods)],
            [.. methods.OrderByDescending(m => m.P99Ms).Take(MostSlowest)],
            [.. methods.Where(m => m.Failures > 0 || m.Timeouts > 0).OrderByDescending(m => m.Failures + (m.Timeouts ?? 0))]);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Keep((time.GetTimestamp(), counters.ReadMethods()));
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <summary>Keeps a reading, and drops those that a younger one of at least a minute's age replaces.</summary>
    private void Keep((long At, ImmutableArray<MethodCounts> Methods) reading)
    {
        lock (_gate)
        {
            _readings.Enqueue(reading);
            while (_readings.Count > 1 && time.GetElapsedTime(_readings.ElementAt(1).At) >= Window)
            {
                _readings.Dequeue();
            }
        }
    }
}
