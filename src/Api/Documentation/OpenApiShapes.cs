using System.Text.Json.Nodes;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EmergencyStop.Api.Documentation;

/// <summary>Says what our own converters make of types: identifiers are strings, enumerations are their words.</summary>
internal sealed class OpenApiShapes : IOpenApiSchemaTransformer
{
    /// <inheritdoc/>
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(context);
        var type = context.JsonTypeInfo.Type;
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        var nullable = bare == type ? default(JsonSchemaType) : JsonSchemaType.Null;
        if (IsId(bare))
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Properties?.Clear();
        }
        else if (bare.IsEnum)
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Enum = [.. WordsOf(bare).Select(w => (JsonNode)JsonValue.Create(w))];
        }
        else if (bare == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Format = "date-time";
        }
        else if (type.Name.EndsWith("Response", StringComparison.Ordinal) && schema.Properties is { Count: > 0 } properties)
        {
            schema.Required = properties.Keys.ToHashSet(StringComparer.Ordinal); // Nulls are written, nothing is left out.
        }

        return Task.CompletedTask;
    }

    private static bool IsId(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>));

    private static IEnumerable<string> WordsOf(Type type) =>
        (IEnumerable<string>)typeof(Words<>).MakeGenericType(type).GetProperty(nameof(Words<>.All))!.GetValue(null)!; // Both are there.
}
