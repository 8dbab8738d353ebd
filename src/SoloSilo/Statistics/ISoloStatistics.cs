using System.Collections.Immutable;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>What the silo does, in counters since its start. Rates are differences between two readings.</summary>
public interface ISoloStatistics
{
    /// <summary>Calls whose callers wait now.</summary>
    int CallsInFlight { get; }

    /// <summary>Activations by grain class.</summary>
    ImmutableArray<GrainStatistics> ReadGrains();

    /// <summary>Calls by contract and method, of contracts that were called at least once.</summary>
    ImmutableArray<MethodStatistics> ReadMethods();
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
public sealed record MethodStatistics(
    string Contract, string Method, long Calls, long Failures, long Timeouts, TimeSpan TotalLatency);
