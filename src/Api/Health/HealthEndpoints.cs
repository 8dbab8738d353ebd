using System.Collections.Immutable;
using EmergencyStop.Api.Errors;
using EmergencyStop.Braking;
using EmergencyStop.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

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

    private static async Task<IResult> ReadyAsync(
        HttpContext http, StartGate gate, ILedger ledger, IStopBrake brake, TimeProvider time, IOptions<ApiOptions> options)
    {
        if (!gate.IsOpen)
        {
            return Problems.Starting;
        }

        var writable = await IsWritableAsync(ledger, TimeSpan.FromMilliseconds(options.Value.HealthWaitMs), time, http.RequestAborted);
        var unrecorded = brake.Unrecorded.Length;
        ImmutableArray<string> reasons =
        [
            .. writable ? [] : (string[])["The ledger cannot be written: orders are refused, stops are spooled and still cancel at the venues."],
            .. unrecorded == 0 ? [] : (string[])[$"{unrecorded} stops are not recorded yet: nothing is admitted until they are."],
        ];
        return TypedResults.Ok(new ReadyResponse("ready", !reasons.IsEmpty, writable, reasons));
    }

    private static async Task<bool> IsWritableAsync(ILedger ledger, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return (await ledger.HealthAsync(cancellationToken).AsTask().WaitAsync(atMost, time, cancellationToken)).Writable;
        }
        catch (Exception e) when (e is LedgerUnavailableException or TimeoutException)
        {
            return false; // The button must not be taken out of the load balancer when it is needed.
        }
    }
}

/// <summary>The process runs.</summary>
/// <param name="Status"><c>live</c>.</param>
public sealed record LiveResponse(string Status);

/// <summary>The process takes requests.</summary>
/// <param name="Status"><c>ready</c>.</param>
/// <param name="Degraded">Whether something is in trouble.</param>
/// <param name="LedgerWritable">Whether the ledger can be written.</param>
/// <param name="Reasons">What is in trouble, a sentence each.</param>
public sealed record ReadyResponse(string Status, bool Degraded, bool LedgerWritable, ImmutableArray<string> Reasons);
