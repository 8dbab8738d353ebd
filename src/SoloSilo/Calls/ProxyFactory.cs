using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>Makes the references of one silo.</summary>
internal sealed class ProxyFactory(SoloRuntime runtime, ProxyFactory? like = null)
{
    private readonly ConcurrentDictionary<Type, Entry> _entries = like?._entries ?? new();

    /// <summary>The contracts in use so far, by name.</summary>
    public IEnumerable<InterfaceContract> Contracts =>
        _entries.Values.Select(entry => entry.Contract).OrderBy(contract => contract.Type.FullName, StringComparer.Ordinal);

    public GrainReference Create(Type contract, GrainId grainId)
    {
        var entry = _entries.TryGetValue(contract, out var known) ? known : _entries.GetOrAdd(contract, NewEntry);
        return entry.Constructor(grainId, runtime, entry.Contract);
    }

    public GrainReference CreateUntyped(GrainId grainId) => new(grainId, runtime, contract: null);

    private Entry NewEntry(Type contract)
    {
        if (ContractVerifier.ProblemsOf(contract).ToArray() is { Length: > 0 } problems)
        {
            throw new ContractException(problems);
        }

        return new Entry(ProxyEmitter.For(contract), new InterfaceContract(contract, runtime));
    }

    private sealed record Entry(ProxyConstructor Constructor, InterfaceContract Contract);
}
