using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Strategies;
using EmergencyStop.Api.Wire;
using EmergencyStop.Braking;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Status;

/// <summary>The call that asks whether an order would get through.</summary>
internal static class GateEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapGate(this IEndpointRouteBuilder api) => api
        .MapGet("gate", GateAsync)
        .Requires(Deed.Read)
        .WithTags("Status")
        .Queries(("user_id", "Whose order."), ("strategy_id", "Which strategy's."), ("symbol", "In which symbol."))
        .WithSummary("Open or closed, and by which stops")
        .WithDescription("As of this process's latest view of the ledger; the ledger itself decides when an order comes.")
        .Produces<GateResponse>()
        .ProducesProblems(400, 403);

    private static async Task<IResult> GateAsync(HttpContext http, ILedger ledger, IStopBrake brake)
    {
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var asked = query.Id<UserId>("user_id");
        var strategyId = query.Id<StrategyId>("strategy_id");
        var symbol = query.Id<Symbol>("symbol");
        query.Finish();
        var (user, refusal) = CallerAccess.BookToRead(http.Caller, asked);
        if (errors.Any || refusal is not null)
        {
            return refusal ?? errors.ToProblem();
        }

        var strategy = strategyId is { } id ? await ledger.FindStrategyAsync(id, http.RequestAborted) : null;
        var gate = ledger.Gate;
        if (gate.Number < 0)
        {
            return Problems.LedgerUnavailable; // The latches are not known now, and none must not be read as open.
        }

        var unrecorded = brake.Unrecorded.Select(s => new LatchResponse(s.Stop)).ToImmutableArray();
        var latches = GateCover.Over(user, strategyId, symbol, gate);
        var paused = GateCover.Pauses(strategy, user, symbol);
        return TypedResults.Ok(new GateResponse(
            latches.IsEmpty && paused.IsEmpty && unrecorded.IsEmpty, [.. latches.Select(l => new LatchResponse(l)), .. unrecorded], paused, gate.Number));
    }
}

/// <summary>Whether an order would get through.</summary>
/// <param name="Open">Whether nothing refuses it.</param>
/// <param name="Latches">The stops that hold it closed; while one is not recorded yet, it holds every gate.</param>
/// <param name="Paused">The pauses of the strategy that refuse it.</param>
/// <param name="Number">The last number drawn: as of when this is true.</param>
public sealed record GateResponse(bool Open, ImmutableArray<LatchResponse> Latches, ImmutableArray<PauseResponse> Paused, long Number);
