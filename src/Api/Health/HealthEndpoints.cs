using EmergencyStop.Api.Errors;
using EmergencyStop.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Health;

/// <summary>The calls by which whoever runs the process sees how it is; no key is needed.</summary>
internal static class HealthEndpoints
{
    /// <summary>What their paths begin with.</summary>
    public const string Base = "/health";

    /// <summary>Maps them.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup(Base).WithTags("Health");
        health.MapGet("live", () => TypedResults.Ok(new LiveResponse("live")))
            .WithSummary("The process runs")
            .Produces<LiveResponse>();
        health.MapGet("ready", ReadyAsync)
            .WithSummary("The process has read the latches and takes requests")
            .WithDescription("Stays 200 with degraded: true when the ledger is in trouble: stopping must stay reachable.")
            .Produces<ReadyResponse>()
            .Produces<ProblemResponse>(StatusCodes.Status503ServiceUnavailable, Problem.ContentType);
    }

    private static async Task<IResult> ReadyAsync(HttpContext http, StartGate gate, ILedger ledger)
    {
        if (!gate.IsOpen)
        {
            return Problems.Starting;
        }

        var writable = (await ledger.HealthAsync(http.RequestAborted)).Writable;
        return TypedResults.Ok(new ReadyResponse("ready", !writable, writable));
    }
}

/// <summary>The process runs.</summary>
/// <param name="Status"><c>live</c>.</param>
public sealed record LiveResponse(string Status);

/// <summary>The process takes requests.</summary>
/// <param name="Status"><c>ready</c>.</param>
/// <param name="Degraded">Whether something is in trouble.</param>
/// <param name="LedgerWritable">Whether the ledger can be written.</param>
public sealed record ReadyResponse(string Status, bool Degraded, bool LedgerWritable);
