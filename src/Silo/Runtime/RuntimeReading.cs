using System.Collections.Immutable;
using EmergencyStop.Runtime;
using Orleans.Solo;

namespace EmergencyStop.Silo.Runtime;

/// <summary>What the host of the grains counts, since its start.</summary>
internal interface IRuntimeCounters
{
    /// <summary>How the host is named.</summary>
    string Host { get; }

    /// <summary>Calls under way now.</summary>
    int CallsInFlight { get; }

    /// <summary>The methods called so far.</summary>
    ImmutableArray<MethodCounts> ReadMethods();

    /// <summary>Activations and queues now.</summary>
    Task<ImmutableArray<GrainFigures>> ReadGrainsAsync(CancellationToken cancellationToken);
}

/// <summary>The calls of one method since the start.</summary>
/// <param name="Method">Contract and method.</param>
/// <param name="Failures">Calls that threw.</param>
/// <param name="Timeouts">Calls whose caller gave up waiting; <c>null</c> where the host does not tell.</param>
/// <param name="Total">Latency, summed.</param>
/// <param name="Latencies">How many calls took how long; see <see cref="LatencyCounts"/>.</param>
internal sealed record MethodCounts(string Method, long Failures, long? Timeouts, TimeSpan Total, ImmutableArray<long> Latencies)
{
    /// <summary>What happened between an earlier reading and this one. Pure.</summary>
    public MethodFigures Since(MethodCounts? before, double seconds)
    {
        var latencies = LatencyCounts.Between(before?.Latencies ?? default, Latencies);
        var calls = LatencyCounts.Total(latencies);
        var total = Total - (before?.Total ?? TimeSpan.Zero);
        return new(
            Method,
            calls,
            Math.Round(calls / seconds, 2),
            Failures - (before?.Failures ?? 0),
            Timeouts - (before?.Timeouts ?? 0),
            calls == 0 ? 0 : Math.Round(total.TotalMilliseconds / calls, 3),
            Math.Round(LatencyCounts.Quantile(latencies, 0.99).TotalMilliseconds, 3));
    }
}
