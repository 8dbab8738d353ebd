using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
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
        if (nullable != default && schema.Metadata?.TryGetValue("x-ref-description", out var text) == true && text is string description)
        {
            schema.Description = description; // What may be null is written out in place, so its description stays here.
        }

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
        else if (bare == typeof(decimal) && context.JsonPropertyInfo?.NumberHandling == JsonNumberHandling.AllowReadingFromString)
        {
            schema.Type = JsonSchemaType.Number | JsonSchemaType.String | nullable;
            schema.Format = null;
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
