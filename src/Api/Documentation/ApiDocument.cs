using EmergencyStop.Api.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace EmergencyStop.Api.Documentation;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and Swagger UI at <c>/swagger</c>; no key is needed to read them.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const string Path = "/openapi/v1.json";

    /// <summary>Registers the document.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Emergency Stop",
                Version = Name,
                Description = "A kill switch for automated trading: orders pass a gate that a stop closes, and what a stop owes is kept until it is met.",
            };
            document.Servers = [];
            document.AddComponent<IOpenApiSecurityScheme>(ApiKeyHandler.SchemeName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "esk_…",
                Description = "An API key, made on the command line.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer<OpenApiOperations>();
        options.AddSchemaTransformer<OpenApiShapes>();
    });

    /// <summary>Maps the document and the page that shows it.</summary>
    public static void MapApiDocument<TApp>(this TApp app)
        where TApp : IApplicationBuilder, IEndpointRouteBuilder
    {
        app.MapOpenApi(Path.Replace(Name, "{documentName}", StringComparison.Ordinal));
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "swagger";
            ui.DocumentTitle = "Emergency Stop";
            ui.SwaggerEndpoint(Path, Name);
        });
    }
}
