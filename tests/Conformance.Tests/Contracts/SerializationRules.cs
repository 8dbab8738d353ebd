using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;

namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>Finds in grain contracts what Orleans could not serialize, or not under a frozen name or number.</summary>
public sealed class SerializationRules
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly FrozenSet<Type> Simple = new[]
    {
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly),
        typeof(TimeOnly), typeof(Uri), typeof(Version), typeof(CancellationToken), typeof(Orleans.Runtime.GrainId),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> Generic = new[]
    {
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
        typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
    }.ToFrozenSet();

    private readonly List<string> _findings = [];
    private readonly HashSet<Type> _seen = [];
    private readonly Dictionary<string, Type> _aliases = new(StringComparer.Ordinal);

    /// <summary>The grain contracts of an assembly: interfaces that derive from IGrain and declare methods or alias.</summary>
    public static IEnumerable<Type> ContractsOf(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type));

    /// <summary>What is wrong with the contracts, a sentence each; empty if nothing.</summary>
    public static IReadOnlyList<string> Check(params IEnumerable<Type> contracts)
    {
        var rules = new SerializationRules();
        foreach (var contract in contracts)
        {
            rules.CheckContract(contract);
        }

        return rules._findings;
    }

    private void CheckContract(Type contract)
    {
        CheckAlias(contract);
        var aliases = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in contract.GetMethods(Declared).Where(method => method.IsAbstract))
        {
            var name = $"{contract}.{method.Name}";
            if (method.GetCustomAttribute<AliasAttribute>()?.Alias is not { } alias)
            {
                _findings.Add($"{name} has no [Alias].");
            }
            else if (!aliases.Add(alias))
            {
                _findings.Add($"{name} has the [Alias] of another method, '{alias}'.");
            }

            foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(Result(method.ReturnType)))
            {
                CheckType(type, name);
            }
        }
    }

    private void CheckType(Type type, string where)
    {
        if (type == typeof(void) || type.IsPrimitive || Simple.Contains(type) || !_seen.Add(type) || IsGrainReference(type))
        {
            return;
        }

        if (type.IsArray)
        {
            CheckType(type.GetElementType()!, where); // an array has an element type
        }
        else if (type.IsGenericType && (Generic.Contains(type.GetGenericTypeDefinition()) || typeof(ITuple).IsAssignableFrom(type)))
        {
            foreach (var argument in type.GetGenericArguments())
            {
                CheckType(argument, where);
            }
        }
        else if (type.IsEnum)
        {
            CheckAttributes(type, where);
        }
        else if (type.IsInterface || type == typeof(object) || typeof(Delegate).IsAssignableFrom(type) || type.Namespace?.StartsWith("System", StringComparison.Ordinal) is true)
        {
            _findings.Add($"{type} in {where} has no serializer.");
        }
        else
        {
            CheckAttributes(type, where);
            CheckMembers(type);
            CheckFamily(type);
        }
    }

    private void CheckAttributes(Type type, string where)
    {
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
        {
            _findings.Add($"{type} in {where} has no [GenerateSerializer].");
        }

        CheckAlias(type);
    }

    private void CheckAlias(Type type)
    {
        var named = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (named.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias is not { } alias)
        {
            _findings.Add($"{named} has no [Alias].");
        }
        else if (!_aliases.TryAdd(alias, named) && _aliases[alias] != named)
        {
            _findings.Add($"{named} has the [Alias] of {_aliases[alias]}, '{alias}'.");
        }
    }

    /// <summary>Every field, and every property with a field behind it, has a number of its own.</summary>
    private void CheckMembers(Type type)
    {
        var ids = new Dictionary<uint, string>();
        foreach (var field in type.GetFields(Declared).Where(field => !field.IsDefined(typeof(NonSerializedAttribute))))
        {
            MemberInfo member = BehindProperty(field) is { } property ? property : field;
            if (member.GetCustomAttribute<IdAttribute>()?.Id is not { } id)
            {
                _findings.Add($"{type}.{member.Name} has no [Id]: it would be lost.");
            }
            else if (!ids.TryAdd(id, member.Name))
            {
                _findings.Add($"{type}.{member.Name} has the [Id] of {ids[id]}, {id}.");
            }

            CheckType(field.FieldType, $"{type}.{member.Name}");
        }
    }

    /// <summary>What it derives from, and what derives from it beside it, crosses the call too.</summary>
    private void CheckFamily(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            CheckType(parent, $"{type}'s base");
        }

        foreach (var derived in type.Assembly.GetTypes().Where(other => other.BaseType == type))
        {
            CheckType(derived, $"{type}'s cases");
        }
    }

    private static PropertyInfo? BehindProperty(FieldInfo field) => field.Name.StartsWith('<')
        ? field.DeclaringType!.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)], Declared) // fields have one
        : null;

    private static bool IsGrainReference(Type type) => type.IsInterface && typeof(IGrain).IsAssignableFrom(type);

    private static Type Result(Type returnType) =>
        returnType.IsGenericType ? returnType.GetGenericArguments()[0] : typeof(void);
}
