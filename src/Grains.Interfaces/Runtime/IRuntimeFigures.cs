using System.Collections.Immutable;

namespace EmergencyStop.Runtime;

/// <summary>What the grains of this process do, over the last minute; the same figures on either host.</summary>
public interface IRuntimeFigures
{
    /// <summary>Reads them.</summary>
    Task<RuntimeFigures> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>The grains' own figures.</summary>
/// <param name="Host">Which host runs the grains.</param>
/// <param name="WindowSeconds">Length of the window that rates and latencies are of, at most a minute; shorter after a start.</param>
/// <param name="CallsPerSecond">Grain calls that ended, a second.</param>
/// <param name="CallsInFlight">Grain calls under way now.</param>
/// <param name="Activations">By grain type, the most first.</param>
/// <param name="Methods">Methods called within the window, the busiest first.</param>
/// <param name="Slowest">Up to five of them, by the 99th percentile.</param>
/// <param name="Failing">Those with failures or timeouts, the most first.</param>
public sealed record RuntimeFigures(
    string Host,
    double WindowSeconds,
    double CallsPerSecond,
    int CallsInFlight,
    ImmutableArray<GrainFigures> Activations,
    ImmutableArray<MethodFigures> Methods,
    ImmutableArray<MethodFigures> Slowest,
    ImmutableArray<MethodFigures> Failing);

/// <summary>The activations of one grain type.</summary>
/// <param name="Grain">The grain type.</param>
/// <param name="Activations">Activations now.</param>
/// <param name="Waiting">Turns and requests that wait for them; <c>null</c> where the host does not tell.</param>
/// <param name="LongestQueue">Those of the one with the most; <c>null</c> where the host does not tell.</param>
public sealed record GrainFigures(string Grain, long Activations, long? Waiting, long? LongestQueue);

/// <summary>The calls of one method within the window.</summary>
/// <param name="Method">Contract and method.</param>
/// <param name="Calls">Calls that ended.</param>
/// <param name="CallsPerSecond">The same a second.</param>
/// <param name="Failures">Of these, those that threw.</param>
/// <param name="Timeouts">Calls whose caller gave up waiting; <c>null</c> where the host does not tell.</param>
/// <param name="MeanMs">Mean latency in milliseconds.</param>
/// <param name="P99Ms">Its 99th percentile, exact to a quarter.</param>
public sealed record MethodFigures(string Method, long Calls, double CallsPerSecond, long Failures, long? Timeouts, double MeanMs, double P99Ms);
