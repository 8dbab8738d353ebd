using System.Text.Json.Nodes;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EmergencyStop.Api.Documentation;

/// <summary>Adds what endpoints say of themselves by metadata: bodies, query fields, idempotency, keys, and the refusals that every call shares.</summary>
internal sealed class OpenApiOperations : IOpenApiOperationTransformer
{
    private static readonly (int Status, string Title)[] Shared =
    [
        (401, "unauthenticated"), (429, "rate_limited"), (500, "internal_error"), (503, "ledger_unavailable, stop_unrecorded, unavailable or starting"), (504, "timed_out"),
    ];

    /// <inheritdoc/>
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(context);
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var field in metadata.OfType<QueryField>())
        {
            AddParameter(operation, field.Name, ParameterLocation.Query, field.Type == "integer" ? JsonSchemaType.Integer : JsonSchemaType.String, field.Description);
        }

        if (metadata.OfType<TakesIdempotencyKey>().Any())
        {
            AddParameter(
                operation,
                IdempotencyKey.Header,
                ParameterLocation.Header,
                JsonSchemaType.String,
                $"1 to {IdempotencyKey.Longest} visible ASCII characters. The same key and body give the same answer; another body under it is 422.");
        }

        if (metadata.OfType<BodyOf>().LastOrDefault() is { } body)
        {
            var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !body.MayBeEmpty,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new() { Schema = Named(context.Document, body.Type.Name, schema), Example = BodyExamples.Of(body.Type) },
                },
            };
        }

        if (metadata.OfType<IAuthorizeData>().Any())
        {
            await SecureAsync(operation, context, cancellationToken);
        }
    }

    private static async Task SecureAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyHandler.SchemeName, context.Document)] = [] },
        ];
        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemResponse), null, cancellationToken);
        operation.Responses ??= [];
        foreach (var (status, title) in Shared)
        {
            operation.Responses.TryAdd(
                status.ToString(System.Globalization.CultureInfo.InvariantCulture),
                new OpenApiResponse
                {
                    Description = title,
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        [Problem.ContentType] = new() { Schema = Named(context.Document, nameof(ProblemResponse), problem) },
                    },
                });
        }
    }

    /// <summary>A reference to the schema among the document's components, entered there if need be.</summary>
    private static IOpenApiSchema Named(OpenApiDocument? document, string name, OpenApiSchema schema)
    {
        if (document is null)
        {
            return schema;
        }

        document.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, document);
    }

    private static void AddParameter(OpenApiOperation operation, string name, ParameterLocation place, JsonSchemaType type, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = place,
            Required = false,
            Description = description,
            Schema = new OpenApiSchema { Type = type },
        });
    }
}
