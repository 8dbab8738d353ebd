using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>Tells whether objects of a type can be shared between grains because nothing in them ever changes.</summary>
/// <remarks>
/// Immutable are: simple values; classes whose fields are all read-only and immutable, with every class derived from
/// them in their assembly; structs of immutable fields, as each holder has its own copy; immutable collections of
/// such; references to grains. A member marked [Immutable] is taken at its author's word.
/// </remarks>
internal static class ImmutableTypes
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly FrozenSet<Type> Simple = new[]
    {
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly),
        typeof(TimeOnly), typeof(Uri), typeof(Version), typeof(Half), typeof(Int128), typeof(UInt128),
        typeof(System.Numerics.BigInteger), typeof(CancellationToken), typeof(GrainId), typeof(GrainType), typeof(IdSpan),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> Collections = new[]
    {
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
        typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(IImmutableList<>), typeof(IImmutableSet<>), typeof(IImmutableDictionary<,>),
        typeof(FrozenSet<>), typeof(FrozenDictionary<,>),
    }.ToFrozenSet();

    private static readonly ConcurrentDictionary<Type, string?> Known = new();

    public static bool IsImmutable(Type type) => WhyMutable(type) is null;

    /// <summary>What in the type can change, in words; null if nothing.</summary>
    public static string? WhyMutable(Type type) =>
        Known.TryGetValue(type, out var known) ? known : Known.GetOrAdd(type, Look(type, []));

    private static string? Look(Type type, HashSet<Type> underway)
    {
        if (type.IsPrimitive || type.IsEnum || Simple.Contains(type) || !underway.Add(type))
        {
            return null;
        }

        if (typeof(IAddressable).IsAssignableFrom(type))
        {
            return type.IsInterface || typeof(GrainReference).IsAssignableFrom(type)
                ? null
                : $"{Name(type)} is a grain's own object; pass a reference to it";
        }

        if (type.IsGenericType && Collections.Contains(type.GetGenericTypeDefinition()))
        {
            return FirstOf(type.GetGenericArguments().Select(argument => Look(argument, underway)));
        }

        if (type.IsArray || type.IsInterface || type.IsPointer || typeof(Delegate).IsAssignableFrom(type) || type == typeof(object)
            || type.Namespace?.StartsWith("System", StringComparison.Ordinal) is true && !IsTuple(type))
        {
            return $"{Name(type)} can change, or what is behind it can";
        }

        return LookAtFields(type, underway)
            ?? FirstOf(DerivedInItsAssembly(type).Select(derived => Look(derived, underway)));
    }

    private static string? LookAtFields(Type type, HashSet<Type> underway)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Fields).Where(field => !IsPromised(level, field)))
            {
                var why = !field.IsInitOnly && !type.IsValueType
                    ? $"{Name(level)}.{MemberName(field)} can be set after the object is made"
                    : Look(field.FieldType, underway) is { } inner ? $"{Name(level)}.{MemberName(field)}: {inner}" : null;
                if (why is not null)
                {
                    return why;
                }
            }
        }

        return null;
    }

    /// <summary>Whether the member behind the field is marked [Immutable].</summary>
    private static bool IsPromised(Type level, FieldInfo field) =>
        field.IsDefined(typeof(ImmutableAttribute))
        || (field.Name.StartsWith('<') && level.GetProperty(MemberName(field), Fields)?.IsDefined(typeof(ImmutableAttribute)) is true);

    private static IEnumerable<Type> DerivedInItsAssembly(Type type) => type.IsSealed
        ? []
        : type.Assembly.GetTypes().Where(other => other != type && other.BaseType == type);

    private static bool IsTuple(Type type) =>
        type.IsGenericType
        && (typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type)
            || type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
            || type.GetGenericTypeDefinition() == typeof(Nullable<>));

    private static string? FirstOf(IEnumerable<string?> reasons) => reasons.FirstOrDefault(reason => reason is not null);

    private static string MemberName(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static string Name(Type type) => type.FullName ?? type.Name;
}
