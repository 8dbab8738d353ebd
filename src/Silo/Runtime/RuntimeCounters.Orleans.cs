using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using EmergencyStop.Runtime;
using EmergencyStop.Silo.Hosting;
using Orleans;
using Orleans.Runtime;
using Orleans.Solo;

namespace EmergencyStop.Silo.Runtime;

/// <summary>What a call filter counts in this silo, and what Orleans' management grain tells of its activations.</summary>
internal sealed class RuntimeCounters(IGrainFactory grains) : IRuntimeCounters
{
    private readonly ConcurrentDictionary<MethodInfo, Counts> _methods = new();
    private int _inFlight;

    /// <inheritdoc/>
    public string Host => GrainHosting.Name;

    /// <inheritdoc/>
    public int CallsInFlight => Volatile.Read(ref _inFlight);

    /// <inheritdoc/>
    public ImmutableArray<MethodCounts> ReadMethods() =>
        [.. _methods.Select(m => m.Value.Read($"{m.Key.DeclaringType?.Name}.{m.Key.Name}"))];

    /// <inheritdoc/>
    /// <remarks>Orleans does not tell what waits for an activation.</remarks>
    public async Task<ImmutableArray<GrainFigures>> ReadGrainsAsync(CancellationToken cancellationToken)
    {
        var statistics = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics(cancellationToken);
        return
        [
            .. from statistic in statistics
               where statistic.GrainType.StartsWith("EmergencyStop.", StringComparison.Ordinal)
               group (long)statistic.ActivationCount by NameOf(statistic.GrainType) into type
               select new GrainFigures(type.Key, type.Sum(), null, null),
        ];
    }

    /// <summary>A call begins.</summary>
    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>A call has ended.</summary>
    public void End(MethodInfo method, TimeSpan latency, bool failed)
    {
        Interlocked.Decrement(ref _inFlight);
        _methods.GetOrAdd(method, static _ => new()).Add(latency, failed);
    }

    /// <summary>As Solo names grain types: the class' name in lower case without its ending.</summary>
    private static string NameOf(string type)
    {
        var name = type.Split(',')[0].Split('.')[^1];
#pragma warning disable CA1308 // Orleans names grain types in lower case.
        return (name.EndsWith("Grain", StringComparison.Ordinal) ? name[..^5] : name).ToLowerInvariant();
#pragma warning restore CA1308
    }

    private sealed class Counts
    {
        private readonly LatencyCounts _latencies = new();
        private long _failures;
        private long _ticks;

        public void Add(TimeSpan latency, bool failed)
        {
            _latencies.Add(latency);
            Interlocked.Add(ref _ticks, latency.Ticks);
            Interlocked.Add(ref _failures, failed ? 1 : 0);
        }

        public MethodCounts Read(string method) =>
            new(method, Volatile.Read(ref _failures), null, TimeSpan.FromTicks(Volatile.Read(ref _ticks)), _latencies.Read());
    }
}

/// <summary>Counts the calls of our own contracts where they arrive.</summary>
internal sealed class MeasuringCallFilter(RuntimeCounters counters, TimeProvider time) : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod is not { } method || method.DeclaringType?.Namespace?.StartsWith("EmergencyStop.", StringComparison.Ordinal) != true)
        {
            await context.Invoke();
            return;
        }

        var start = time.GetTimestamp();
        var failed = true;
        counters.Begin();
        try
        {
            await context.Invoke();
            failed = false;
        }
        finally
        {
            counters.End(method, time.GetElapsedTime(start), failed);
        }
    }
}

/// <summary>Registration of the grains' figures.</summary>
internal static class RuntimeRegistration
{
    /// <summary>Adds them; the silo adds the filter.</summary>
    public static IServiceCollection AddRuntimeFigures(this IServiceCollection services) => services
        .AddSingleton<RuntimeCounters>()
        .AddSingleton<IRuntimeCounters>(provider => provider.GetRequiredService<RuntimeCounters>())
        .AddSingleton<RuntimeWindow>()
        .AddSingleton<IRuntimeFigures>(provider => provider.GetRequiredService<RuntimeWindow>())
        .AddHostedService(provider => provider.GetRequiredService<RuntimeWindow>());
}
