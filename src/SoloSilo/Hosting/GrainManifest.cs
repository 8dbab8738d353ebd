using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>The grain classes and contracts of the silo, found in the assemblies it was given.</summary>
internal sealed class GrainManifest
{
    private readonly FrozenDictionary<GrainType, GrainClass> _byGrainType;
    private readonly FrozenDictionary<Type, ImmutableArray<GrainClass>> _byContract;

    public GrainManifest(SoloRuntime runtime)
    {
        var types = runtime.Options.GrainAssemblies.SelectMany(assembly => assembly.GetTypes()).ToArray();
        var problems = new List<string>();
        Contracts = [.. types.Where(GrainClass.IsContract).OrderBy(type => type.FullName, StringComparer.Ordinal)];
        problems.AddRange(Contracts.SelectMany(ContractVerifier.ProblemsOf));
        Classes = [.. types.Where(IsGrainClass).OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(type => Describe(type, runtime, problems))];
        problems.AddRange(Classes.GroupBy(grain => grain.GrainType).Where(group => group.Count() > 1).Select(group =>
            $"{string.Join(" and ", group.Select(grain => grain.Type))} are both of grain type {group.Key}. Tell them apart with [GrainType]."));
        if (problems.Count > 0)
        {
            throw new ContractException(problems);
        }

        _byGrainType = Classes.ToFrozenDictionary(grain => grain.GrainType);
        _byContract = Classes
            .SelectMany(grain => grain.Contracts.Select(contract => (contract, grain)))
            .GroupBy(pair => pair.contract, pair => pair.grain)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    public ImmutableArray<Type> Contracts { get; }

    public ImmutableArray<GrainClass> Classes { get; }

    public GrainClass? Find(GrainType grainType) => _byGrainType.GetValueOrDefault(grainType);

    /// <summary>The class that a contract means, if need be by the start of its name.</summary>
    public GrainClass Resolve(Type contract, string? classNamePrefix)
    {
        var candidates = _byContract.GetValueOrDefault(contract, []);
        var chosen = classNamePrefix is null
            ? candidates
            : [.. candidates.Where(grain => grain.Type.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal))]; // classes have full names
        return chosen.Length switch
        {
            1 => chosen[0],
            0 => throw new ArgumentException($"Could not find an implementation for interface {contract}. Is its assembly in SoloSiloOptions.GrainAssemblies?", nameof(contract)),
            _ => chosen.FirstOrDefault(grain => contract.Name == $"I{grain.Type.Name}")
                ?? throw new ArgumentException($"Several classes implement {contract}: {string.Join(", ", chosen.Select(grain => grain.Type))}. Name one with grainClassNamePrefix.", nameof(contract)),
        };
    }

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrain).IsAssignableFrom(type)
        && !typeof(GrainReference).IsAssignableFrom(type);

    private static IEnumerable<GrainClass> Describe(Type type, SoloRuntime runtime, List<string> problems)
    {
        if (type.IsDefined(typeof(StatelessWorkerAttribute), inherit: true))
        {
            problems.Add($"{type} is a [StatelessWorker], which Solo does not host. Make it a service of the host, or run on Orleans.");
            return [];
        }

        if (type.GetConstructors().Length != 1)
        {
            problems.Add($"{type} has {type.GetConstructors().Length} public constructors. Declare one.");
            return [];
        }

        problems.AddRange(type.GetMethods().Where(method => method.IsDefined(typeof(AlwaysInterleaveAttribute))).Select(method =>
            $"{type}.{method.Name} is [AlwaysInterleave] on the class, where it counts for nothing. Mark the method of the grain interface."));
        return [new GrainClass(type, runtime)];
    }
}
