namespace Orleans.Concurrency;

/// <summary>The grain class takes a new request at every await of a running one.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>The method, declared on the grain interface, starts even while another request runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>The method changes no state; read-only requests run beside each other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>The caller does not wait for the method, nor learns how it ended.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>Several activations of one grain on a silo.</summary>
/// <remarks>Not supported: a silo whose grain classes carry it does not start. Use a service of the host instead.</remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : Attribute
{
    /// <summary>As many workers as there are processors.</summary>
    public StatelessWorkerAttribute()
    {
    }

    /// <summary>At most <paramref name="maxLocalWorkers"/> workers on a silo.</summary>
    public StatelessWorkerAttribute(int maxLocalWorkers) => MaxLocalWorkers = maxLocalWorkers;

    /// <summary>Most workers on a silo; 0 means as many as there are processors.</summary>
    internal int MaxLocalWorkers { get; }
}
