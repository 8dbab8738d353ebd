using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Runtime;

/// <summary>The call that shows what the grains do.</summary>
internal static class RuntimeEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapRuntime(this IEndpointRouteBuilder api) => api
        .MapGet("runtime", async (HttpContext http, IRuntimeFigures figures) => TypedResults.Ok(await figures.ReadAsync(http.RequestAborted)))
        .Requires(Deed.Read)
        .WithTags("Status")
        .WithSummary("What the grains of this process do, over the last minute")
        .WithDescription("Activations by type with what waits for them, calls a second, latencies, the slowest methods and those that fail.")
        .Produces<RuntimeFigures>();
}
