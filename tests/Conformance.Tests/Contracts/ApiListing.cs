using System.Reflection;

namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>What a public type offers to those who use it, a line for each thing, so that two implementations can be held against each other.</summary>
/// <remarks>Nullable annotations are left out: they bind nobody at run time, and Orleans has few.</remarks>
internal static class ApiListing
{
    private const BindingFlags Visible = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>The lines of a type, sorted: <c>name | thing</c>.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        var name = NameOf(type);
        return Things(type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(thing => $"{name} | {thing}");
    }

    /// <summary>A type's full name, with the names of its parameters.</summary>
    public static string NameOf(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsByRef || type.IsArray)
        {
            return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "&"); // both have one
        }

        if (!type.IsGenericType)
        {
            return (type.FullName ?? type.Name).Replace('+', '.');
        }

        var open = type.GetGenericTypeDefinition().FullName!; // a definition has one
        return $"{open[..open.IndexOf('`', StringComparison.Ordinal)].Replace('+', '.')}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }

    private static IEnumerable<string> Things(Type type)
    {
        yield return Kind(type);
        for (var parent = type.BaseType; parent is not null && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum); parent = parent.BaseType)
        {
            yield return $"is a {NameOf(parent)}";
        }

        foreach (var parent in type.GetInterfaces().Where(i => i.IsPublic && IsOrleans(i)))
        {
            yield return $"is a {NameOf(parent)}";
        }

        if (type.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } usage)
        {
            yield return $"usage {usage.ValidOn}{(usage.AllowMultiple ? ", many" : string.Empty)}";
        }

        foreach (var thing in type.GetMembers(Visible).Where(m => m.DeclaringType is { } declaring && IsOrleans(declaring)).SelectMany(m => Of(m, type)))
        {
            yield return thing;
        }
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static IEnumerable<string> Of(MemberInfo member, Type type) => member switch
    {
        FieldInfo { IsLiteral: true, IsPublic: true } field when type.IsEnum => [$"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), null)}"],
        FieldInfo { IsPublic: true, IsSpecialName: false } field => [$"field {NameOf(field.FieldType)} {field.Name}"],
        ConstructorInfo constructor when IsVisible(constructor) => [$"{Reach(constructor)}new({Parameters(constructor)})"],
        PropertyInfo property => Accessors(property),
        MethodInfo { IsSpecialName: false } method when IsVisible(method) => Method(method),
        _ => [],
    };

    private static IEnumerable<string> Accessors(PropertyInfo property)
    {
        if (property.GetMethod is { } get && IsVisible(get))
        {
            yield return $"{Reach(get)}get {NameOf(property.PropertyType)} {property.Name}";
        }

        if (property.SetMethod is { } set && IsVisible(set))
        {
            yield return $"{Reach(set)}set {NameOf(property.PropertyType)} {property.Name}";
        }
    }

    private static IEnumerable<string> Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : string.Empty;
        var signature = $"{method.Name}{generic}({Parameters(method)})";
        yield return $"{Reach(method)}{NameOf(method.ReturnType)} {signature}";
        if (method is { IsVirtual: true, IsFinal: false } && method.DeclaringType is { IsInterface: false, IsSealed: false, IsValueType: false })
        {
            yield return $"overridable {signature}";
        }
    }

    private static string Parameters(MethodBase method)
    {
        var isExtension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), inherit: false);
        return string.Join(", ", method.GetParameters().Select((p, i) =>
            $"{(isExtension && i == 0 ? "this " : string.Empty)}{NameOf(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "default") : string.Empty)}"));
    }

    private static string Reach(MethodBase method) => (method.IsPublic ? string.Empty : "protected ") + (method.IsStatic ? "static " : string.Empty);

    /// <summary>What code outside of the assembly can reach; explicit implementations have a dot in their names.</summary>
    private static bool IsVisible(MethodBase method) => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
        && (method is ConstructorInfo || !method.Name.Contains('.', StringComparison.Ordinal));

    private static bool IsOrleans(Type type) => type.Namespace?.StartsWith("Orleans", StringComparison.Ordinal) == true;
}
