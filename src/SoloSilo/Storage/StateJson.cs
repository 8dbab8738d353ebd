using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orleans.Solo;

/// <summary>Writes states as JSON, and messages within them by the members that Orleans would serialize.</summary>
/// <remarks>
/// A type with [GenerateSerializer] is written and read by its [Id] members, whatever constructors and setters it has;
/// a case of an abstract one is told by its [Alias]. Other types follow the rules of System.Text.Json.
/// </remarks>
internal static class StateJson
{
    private const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ByMembersWithIds, ByCases } },
        IncludeFields = true,
    };

    public static byte[] Write<T>(T state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"A stored {typeof(T)} was null.");

    private static void ByMembersWithIds(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !info.Type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
        {
            return;
        }

        info.Properties.Clear();
        for (var level = info.Type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (var (name, field) in SerializedMembers.Named(level))
            {
                var property = info.CreateJsonPropertyInfo(field.FieldType, name);
                property.Get = field.GetValue;
                property.Set = field.SetValue;
                info.Properties.Add(property);
            }
        }

        if (!info.Type.IsAbstract)
        {
            var type = info.Type;
            info.CreateObject = type.GetConstructor(AnyInstance, []) is not null
                ? () => Activator.CreateInstance(type, nonPublic: true)! // it has that constructor
                : () => RuntimeHelpers.GetUninitializedObject(type);
        }
    }

    private static void ByCases(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !info.Type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) || info.Type.IsSealed)
        {
            return;
        }

        var cases = info.Type.Assembly.GetTypes()
            .Where(type => !type.IsAbstract && info.Type.IsAssignableFrom(type) && type.IsDefined(typeof(AliasAttribute)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .ToArray();
        if (cases.Length == 0)
        {
            return;
        }

        info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "$case" };
        foreach (var type in cases)
        {
            info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type, type.GetCustomAttribute<AliasAttribute>(inherit: false)!.Alias)); // chosen for having it
        }
    }
}
