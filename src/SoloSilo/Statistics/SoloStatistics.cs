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
           let latencies = counters.Latencies
           select new MethodStatistics(
               contract.Type.FullName ?? contract.Type.Name,
               method.Name,
               LatencyCounts.Total(latencies),
               counters.Failures,
               counters.Timeouts,
               runtime.ToTimeSpan(counters.Ticks),
               latencies),
    ];

    public ImmutableArray<QueueStatistics> ReadQueues() =>
    [
        .. from activation in runtime.Activations.All
           group activation.Waiting by activation.Class.GrainType into queues
           select new QueueStatistics(queues.Key, queues.Sum(waiting => (long)waiting), queues.Max()),
    ];
}
