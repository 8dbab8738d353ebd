using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans.Runtime;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The grains of the cluster as a gateway sees them: out of reach until its client is connected, which is an answer and no fault.</summary>
/// <remarks>A proxy, as there is one answer to every question while there is no cluster.</remarks>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "A dispatch proxy is derived from at run time.")]
internal class ClusterGrains : DispatchProxy
{
    private ClusterLink? _link;
    private IGrainFactory? _cluster;

    /// <summary>The grains of no cluster: while there is no ledger either.</summary>
    public static IGrainFactory Unreachable => Create<IGrainFactory, ClusterGrains>();

    /// <summary>The grains behind a link.</summary>
    public static IGrainFactory Through(ClusterLink link, IGrainFactory cluster)
    {
        var grains = Create<IGrainFactory, ClusterGrains>();
        ((ClusterGrains)(object)grains)._link = link;
        ((ClusterGrains)(object)grains)._cluster = cluster;
        return grains;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_link is not { IsUp: true })
        {
            throw new SiloUnavailableException("The cluster is not reached yet.");
        }

        try
        {
            return targetMethod?.Invoke(_cluster, args);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }
}
