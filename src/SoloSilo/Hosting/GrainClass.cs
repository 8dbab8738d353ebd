using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Core;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>A grain class, as the silo hosts it.</summary>
internal sealed class GrainClass
{
    private readonly ImmutableArray<StateParameter> _states;
    private readonly ObjectFactory _factory;

    public GrainClass(Type type, SoloRuntime runtime)
    {
        Type = type;
        GrainType = GrainTypeOf(type);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        var ageLimit = type.GetCustomAttribute<CollectionAgeLimitAttribute>(inherit: true)?.AgeLimit ?? runtime.Options.CollectionAge;
        AgeLimitTicks = ageLimit == Timeout.InfiniteTimeSpan ? null : runtime.ToTimestampTicks(ageLimit);
        Contracts = [.. type.GetInterfaces().Where(IsContract)];
        _states =
        [
            .. from parameter in type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).Take(1).SelectMany(constructor => constructor.GetParameters())
               let attribute = parameter.GetCustomAttribute<PersistentStateAttribute>()
               where attribute is not null
               select new StateParameter(parameter.ParameterType, attribute),
        ];
        _factory = ActivatorUtilities.CreateFactory(type, [.. _states.Select(state => state.Type)]);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>How long it may be idle, in timestamp ticks; null means for ever.</summary>
    public long? AgeLimitTicks { get; }

    /// <summary>The grain interfaces it implements.</summary>
    public ImmutableArray<Type> Contracts { get; }

    public ActivationCounters Counters { get; } = new();

    /// <summary>Whether an interface is a grain contract: not one of the marker interfaces.</summary>
    public static bool IsContract(Type type) =>
        type.IsInterface
        && typeof(IGrain).IsAssignableFrom(type)
        && type != typeof(IGrain)
        && type != typeof(IGrainWithStringKey)
        && type != typeof(IGrainWithIntegerKey)
        && type != typeof(IGrainWithGuidKey);

    /// <summary>Makes the grain's object in a turn of its activation, and what of its state is to be read first.</summary>
    public (object Instance, IReadOnlyList<IStorage> States) Create(Activation activation)
    {
        var states = new IStorage[_states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = PersistentState.Create(_states[i].Type, _states[i].Attribute, activation);
        }

        try
        {
            return (_factory(activation.ActivationServices, states), states);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(
                $"Failed to create an instance of grain type '{Type}'. See {nameof(Exception.InnerException)} for details.", exception);
        }
    }

    private static GrainType GrainTypeOf(Type type)
    {
        const string suffix = "grain";
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } named)
        {
            return GrainType.Create(named.GrainType);
        }

#pragma warning disable CA1308 // Orleans names grain types in lower case.
        var name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        return GrainType.Create(name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name);
    }

    private sealed record StateParameter(Type Type, PersistentStateAttribute Attribute);
}
