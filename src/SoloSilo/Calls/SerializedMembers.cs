using System.Reflection;

namespace Orleans.Solo;

/// <summary>The members that Orleans would serialize: those with an <see cref="IdAttribute"/>.</summary>
internal static class SerializedMembers
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The fields, or those behind the properties, that <paramref name="type"/> itself declares with an id.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        Named(type).Select(member => member.Field);

    /// <summary>The same with the names of their members.</summary>
    public static IEnumerable<(string Name, FieldInfo Field)> Named(Type type)
    {
        foreach (var field in type.GetFields(Declared))
        {
            if (field.IsDefined(typeof(IdAttribute)))
            {
                yield return (field.Name, field);
            }
        }

        foreach (var property in type.GetProperties(Declared))
        {
            if (property.IsDefined(typeof(IdAttribute))
                && type.GetField($"<{property.Name}>k__BackingField", Declared) is { } behind)
            {
                yield return (property.Name, behind);
            }
        }
    }
}
