namespace Orleans;

/// <summary>The type never changes once made, so it may be shared between grains.</summary>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Class | AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.ReturnValue)]
public sealed class ImmutableAttribute : Attribute;

/// <summary>The type may cross a grain call: Orleans makes a serializer for it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute
{
    /// <summary>Whether members without an <see cref="IdAttribute"/> get one by themselves.</summary>
    public GenerateFieldIds GenerateFieldIds { get; init; }

    /// <summary>Whether primary constructor parameters are serialized; as in Orleans, on for records unless set.</summary>
    public bool IncludePrimaryConstructorParameters { get; init; }
}

/// <summary>How members without an <see cref="IdAttribute"/> are numbered.</summary>
public enum GenerateFieldIds
{
    /// <summary>They are not numbered, and so not serialized.</summary>
    None,

    /// <summary>Public settable properties are numbered by a hash of their names.</summary>
    PublicProperties,
}

/// <summary>The frozen number of a serialized member.</summary>
/// <param name="id">The number, unique within the declaring type.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Parameter)]
public sealed class IdAttribute(uint id) : Attribute
{
    /// <summary>The number, unique within the declaring type.</summary>
    public uint Id { get; } = id;
}

/// <summary>The frozen name of a type, grain interface or method, so that it can be renamed in code.</summary>
/// <param name="alias">The name.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Interface, AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    /// <summary>The name.</summary>
    public string Alias { get; } = alias;
}
