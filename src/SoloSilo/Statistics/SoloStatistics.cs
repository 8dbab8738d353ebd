using System.Collections.Immutable;

namespace Orleans.Solo;

internal sealed class SoloStatistics(SoloRuntime runtime) : ISoloStatistics
{
    public int CallsInFlight => runtime.PendingCalls.Count;

    public ImmutableArray<GrainStatistics> ReadGrains() =>
        [.. runtime.Manifest.Classes.Select(grain => new GrainStatistics(grain.GrainType, grain.Counters.Now, grain.Counters.Ever))];

    public ImmutableArray<MethodStatistics> ReadMethods() =>
    [
        .. from contract in runtime.Proxies.Contracts
           from method in contract.Methods
           let counters = method.Counters
           select new MethodStatistics(
               contract.Type.FullName ?? contract.Type.Name,
               method.Name,
               counters.Calls,
               counters.Failures,
               counters.Timeouts,
               runtime.ToTimeSpan(counters.Ticks)),
    ];
}
