using System.Globalization;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What can be asked of a grain or of a reference to one.</summary>
public static class GrainExtensions
{
    /// <summary>A reference to the grain, to hand to others instead of <c>this</c>.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) =>
        (TGrainInterface)AsReference(grain, typeof(TGrainInterface));

    /// <summary>A reference to the grain by one of its contracts.</summary>
    public static object AsReference(this IAddressable grain, Type interfaceType)
    {
        ArgumentNullException.ThrowIfNull(interfaceType);
        var reference = grain as GrainReference ?? ContextOf(grain).GrainReference;
        return reference.As(interfaceType);
    }

    /// <summary>The same reference by another of its contracts.</summary>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    /// <summary>The same reference by another of its contracts.</summary>
    public static object Cast(this IAddressable grain, Type interfaceType) => grain.AsReference(interfaceType);

    /// <summary>Which grain.</summary>
    public static GrainId GetGrainId(this IAddressable grain) =>
        grain is GrainReference reference ? reference.GrainId : ContextOf(grain).GrainId;

    /// <summary>The grain's string key.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <summary>The grain's whole number key.</summary>
    /// <exception cref="InvalidOperationException">The key is of another kind.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain) =>
        long.TryParse(grain.GetPrimaryKeyString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw KeyIsNot(grain, "whole number");

    /// <summary>The grain's <see cref="Guid"/> key.</summary>
    /// <exception cref="InvalidOperationException">The key is of another kind.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain) =>
        Guid.TryParseExact(grain.GetPrimaryKeyString(), "N", out var key) ? key : throw KeyIsNot(grain, "Guid");

    private static IGrainContext ContextOf(IAddressable grain) => grain switch
    {
        IGrainBase { GrainContext: { } context } => context,
        null => throw new ArgumentNullException(nameof(grain)),
        _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one.", nameof(grain)),
    };

    private static InvalidOperationException KeyIsNot(IAddressable grain, string kind) =>
        new($"The key of {grain.GetGrainId()} is no {kind}.");
}
