using System.Text.Json.Nodes;

namespace EmergencyStop.Api.Tests.Fuzzing;

/// <summary>One operation of the OpenAPI description, as much of it as is needed to get it wrong.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with its parameters in braces.</param>
/// <param name="Queries">Names of its query fields.</param>
/// <param name="Fields">Names and schemas of its body's fields; <c>null</c> when it takes none.</param>
internal sealed record ApiOperation(string Method, string Path, string[] Queries, (string Name, JsonNode Schema)[]? Fields)
{
    /// <summary>Whether it may change something, so that it must be refused and not just survive.</summary>
    public bool Changes => Method is not "GET" and not "HEAD";

    public override string ToString() => $"{Method} {Path}";

    /// <summary>Every operation that a description holds.</summary>
    public static IEnumerable<ApiOperation> All(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new ApiOperation(
            operation.Key.ToUpperInvariant(),
            path.Key,
            [.. (operation.Value!["parameters"]?.AsArray() ?? []).Where(p => (string?)p!["in"] == "query").Select(p => (string)p!["name"]!)],
            FieldsOf(document, operation.Value!["requestBody"]?["content"]?["application/json"]?["schema"]));

    private static (string, JsonNode)[]? FieldsOf(JsonObject document, JsonNode? schema)
    {
        if ((string?)schema?["$ref"] is { } reference)
        {
            schema = document["components"]!["schemas"]![reference.Split('/')[^1]];
        }

        return schema is null ? null : [.. schema["properties"]!.AsObject().Select(p => (p.Key, p.Value!))];
    }
}
