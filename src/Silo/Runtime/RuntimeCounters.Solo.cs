using System.Collections.Immutable;
using EmergencyStop.Runtime;
using EmergencyStop.Silo.Hosting;
using Orleans.Solo;

namespace EmergencyStop.Silo.Runtime;

/// <summary>What SoloSilo counts.</summary>
internal sealed class RuntimeCounters(ISoloStatistics statistics) : IRuntimeCounters
{
    /// <inheritdoc/>
    public string Host => GrainHosting.Name;

    /// <inheritdoc/>
    public int CallsInFlight => statistics.CallsInFlight;

    /// <inheritdoc/>
    public ImmutableArray<MethodCounts> ReadMethods() =>
        [.. statistics.ReadMethods().Select(m => new MethodCounts(m.Method, m.Failures, m.Timeouts, m.TotalLatency, m.Latencies))];

    /// <inheritdoc/>
    public Task<ImmutableArray<GrainFigures>> ReadGrainsAsync(CancellationToken cancellationToken)
    {
        var queues = statistics.ReadQueues().ToDictionary(q => q.GrainType);
        return Task.FromResult<ImmutableArray<GrainFigures>>(
        [
            .. statistics.ReadGrains().Select(g => queues.TryGetValue(g.GrainType, out var queue)
                ? new GrainFigures($"{g.GrainType}", g.ActivationsNow, queue.Waiting, queue.Longest)
                : new GrainFigures($"{g.GrainType}", g.ActivationsNow, 0, 0)),
        ]);
    }
}

/// <summary>Registration of the grains' figures.</summary>
internal static class RuntimeRegistration
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddRuntimeFigures(this IServiceCollection services) => services
        .AddSingleton<IRuntimeCounters, RuntimeCounters>()
        .AddSingleton<RuntimeWindow>()
        .AddSingleton<IRuntimeFigures>(provider => provider.GetRequiredService<RuntimeWindow>())
        .AddHostedService(provider => provider.GetRequiredService<RuntimeWindow>());
}
