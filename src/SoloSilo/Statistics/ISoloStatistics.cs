using System.Collections.Immutable;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>What the silo does, in counters since its start. Rates and percentiles are of differences between two readings.</summary>
public interface ISoloStatistics
{
    /// <summary>Calls whose callers wait now.</summary>
    int CallsInFlight { get; }

    /// <summary>Activations by grain class.</summary>
    ImmutableArray<GrainStatistics> ReadGrains();

    /// <summary>Calls by contract and method, of contracts that were called at least once.</summary>
    ImmutableArray<MethodStatistics> ReadMethods();

    /// <summary>What waits for its turn now, by grain class. Looks at every activation: for people, not for every call.</summary>
    ImmutableArray<QueueStatistics> ReadQueues();
}

/// <summary>The activations of one grain class.</summary>
/// <param name="GrainType">Which class.</param>
/// <param name="ActivationsNow">Valid activations at present.</param>
/// <param name="ActivationsEver">Activations that became valid since the start.</param>
public sealed record GrainStatistics(GrainType GrainType, long ActivationsNow, long ActivationsEver);

/// <summary>The calls of one method of a contract.</summary>
/// <param name="Contract">The grain interface.</param>
/// <param name="Method">The interface's name and the method's.</param>
/// <param name="Calls">Calls that ended.</param>
/// <param name="Failures">Of these, those that threw.</param>
/// <param name="Timeouts">Calls whose caller gave up waiting.</param>
/// <param name="TotalLatency">From being sent to the end of the callee, summed over <paramref name="Calls"/>.</param>
/// <param name="Latencies">How many calls took how long: four counts for each doubling of the time.</param>
public sealed record MethodStatistics(
    string Contract, string Method, long Calls, long Failures, long Timeouts, TimeSpan TotalLatency, ImmutableArray<long> Latencies);

/// <summary>What waits for the activations of one grain class.</summary>
/// <param name="GrainType">Which class.</param>
/// <param name="Waiting">Turns to be run and requests that wait for others to end.</param>
/// <param name="Longest">Those of the activation with the most.</param>
public sealed record QueueStatistics(GrainType GrainType, long Waiting, long Longest);
