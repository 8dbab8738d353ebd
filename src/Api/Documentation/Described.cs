using EmergencyStop.Api.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Documentation;

/// <summary>A query field of an endpoint, for its description.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its JSON schema type.</param>
/// <param name="Description">What it does.</param>
internal sealed record QueryField(string Name, string Type, string Description);

/// <summary>The type of an endpoint's body, for its description; endpoints read it themselves.</summary>
/// <param name="Type">The type.</param>
/// <param name="MayBeEmpty">Whether it may be left out.</param>
internal sealed record BodyOf(Type Type, bool MayBeEmpty);

/// <summary>What endpoints tell the OpenAPI document.</summary>
internal static class Described
{
    /// <summary>The endpoint takes this body; it may be left out.</summary>
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new BodyOf(typeof(TBody), MayBeEmpty: true));

    /// <summary>The endpoint needs this body.</summary>
    public static RouteHandlerBuilder Needs<TBody>(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new BodyOf(typeof(TBody), MayBeEmpty: false));

    /// <summary>The endpoint reads these query fields.</summary>
    public static RouteHandlerBuilder Queries(this RouteHandlerBuilder endpoint, params (string Name, string Description)[] fields) =>
        endpoint.WithMetadata([.. fields.Select(f => new QueryField(f.Name, f.Name is "limit" ? "integer" : "string", f.Description))]);

    /// <summary>The endpoint may answer with these problems.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<ProblemResponse>(status, Problem.ContentType);
        }

        return endpoint;
    }
}
