using Orleans.Solo;

namespace Orleans.Runtime;

/// <summary>The address of a grain by one of its contracts. Two are equal if they mean the same grain.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private protected GrainReference(GrainId grainId, SoloRuntime runtime)
    {
        GrainId = grainId;
        Runtime = runtime;
    }

    /// <summary>Which grain.</summary>
    public GrainId GrainId { get; }

    internal SoloRuntime Runtime { get; }

    /// <inheritdoc />
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is GrainReference other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc />
    public override string ToString() => $"GrainReference:{GrainId}";

    internal object As(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : Runtime.Proxies.Create(interfaceType, GrainId);
}
