using System.Collections.Immutable;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Solo;

/// <summary>A grain interface, as one silo serves it.</summary>
internal sealed class InterfaceContract
{
    public InterfaceContract(Type type, SoloRuntime runtime)
    {
        Type = type;
        Methods = [.. ProxyEmitter.MethodsOf(type).Select(method => new MethodContract(type, method, runtime))];
    }

    public Type Type { get; }

    /// <summary>In the order of <see cref="ProxyEmitter.MethodsOf"/>, by which proxies name them.</summary>
    public ImmutableArray<MethodContract> Methods { get; }
}

/// <summary>A method of a grain interface: what its attributes say, and what became of its calls.</summary>
internal sealed class MethodContract
{
    public MethodContract(Type type, MethodInfo method, SoloRuntime runtime)
    {
        Interface = type;
        Name = $"{type.Name}.{method.Name}";
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        IsOneWay = method.IsDefined(typeof(OneWayAttribute));
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout ?? runtime.Options.ResponseTimeout;
        TimeoutTicks = runtime.ToTimestampTicks(Timeout);
    }

    public Type Interface { get; }

    public string Name { get; }

    public bool AlwaysInterleaves { get; }

    public bool IsReadOnly { get; }

    public bool IsOneWay { get; }

    public TimeSpan Timeout { get; }

    public long TimeoutTicks { get; }

    public CallCounters Counters { get; } = new();
}
