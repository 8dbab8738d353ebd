using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Braking;
using EmergencyStop.Ledger;
using EmergencyStop.Venues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Status;

/// <summary>The call that says how the service is.</summary>
internal static class StatusEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapStatus(this IEndpointRouteBuilder api) => api
        .MapGet("emergency-stop/status", StatusAsync)
        .Requires(Deed.Read)
        .WithTags("Status")
        .WithSummary("How the service is, and how its stops have gone")
        .Produces<StatusResponse>();

    private static async Task<IResult> StatusAsync(HttpContext http, ILedger ledger, IVenueStatusSource venues, ServiceHost host, IStopBrake brake)
    {
        var health = await ledger.HealthAsync(http.RequestAborted);
        var counts = await ledger.CountsAsync(http.RequestAborted);
        return TypedResults.Ok(StatusResponse.Of(counts, ledger.Gate, health, venues.Venues, host, [.. brake.Unrecorded.Select(s => s.Stop.Id)]));
    }
}
