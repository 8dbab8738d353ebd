using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Risk;

/// <summary>The calls on dead-man's switches.</summary>
internal static class HeartbeatEndpoints
{
    /// <summary>Maps them. A beat takes no idempotency key: a remembered answer would be no beat.</summary>
    public static void MapHeartbeats(this IEndpointRouteBuilder api)
    {
        var heartbeats = api.MapGroup("heartbeats").WithTags("Risk");
        heartbeats.MapPost(string.Empty, BeatAsync)
            .Requires(Deed.Beat)
            .AlsoWithoutLedger()
            .Needs<HeartbeatBody>()
            .WithSummary("Beat: the first one arms a dead-man's switch")
            .WithDescription("If the next beat does not come within timeout_ms, the target is stopped with CONNECTIVITY_ISSUE. A beat after that, or after a disarm, arms it again.")
            .Produces<HeartbeatResponse>()
            .ProducesProblems(400, 403, 409, 413, 415);
        heartbeats.MapGet(string.Empty, ListAsync)
            .Requires(Deed.Read)
            .WithSummary("Dead-man's switches, by name")
            .WithDescription("A trader sees those of the own book and strategies.")
            .Produces<HeartbeatsResponse>()
            .ProducesProblems(403);
        heartbeats.MapDelete("{name}", DisarmAsync)
            .Requires(Deed.Beat)
            .Queries(("reason", "Why, in words."))
            .WithSummary("Disarm a dead-man's switch")
            .WithDescription("A stop that it made stands until it is released.")
            .Produces<HeartbeatResponse>()
            .ProducesProblems(400, 403, 404);
    }

    private static async Task<IResult> BeatAsync(HttpContext http, IHeartbeats heartbeats, ILedger ledger, LedgerMirror mirror, Refusals refusals)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<HeartbeatBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var (name, terms) = Read(body, errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        if (!await MayBeatAsync(http.Caller, terms.Target, ledger, mirror, http.RequestAborted))
        {
            return await refusals.RefuseAsync(http.Caller, Deed.Beat, terms.Target.Value, "A trader beats for the own book or an own strategy.");
        }

        return await heartbeats.BeatAsync(name, terms, http.Caller.DisplayName, CancellationToken.None) is { } row
            ? TypedResults.Ok(HeartbeatResponse.Of(new(row, row.State == HeartbeatState.Armed ? TimeSpan.Zero : null)))
            : Problems.HeartbeatNameTaken(name.Value);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IHeartbeats heartbeats, ILedger ledger)
    {
        var seen = new List<HeartbeatResponse>();
        foreach (var sight in await heartbeats.AllAsync(http.RequestAborted))
        {
            if (await MayAsync(http.Caller, Deed.Read, sight.Heartbeat.Terms.Target, ledger, http.RequestAborted))
            {
                seen.Add(HeartbeatResponse.Of(sight));
            }
        }

        return TypedResults.Ok(new HeartbeatsResponse([.. seen]));
    }

    private static async Task<IResult> DisarmAsync(HttpContext http, string name, IHeartbeats heartbeats, ILedger ledger, Refusals refusals)
    {
        var errors = new FieldErrors();
        var known = PathText.TryRead<HeartbeatName>("name", name, errors);
        var query = new QueryFields(http.Request.Query, errors);
        var reason = ReasonText.Read(query.Text("reason", EmergencyStopRequest.LongestReason), needed: true, errors);
        query.Finish();
        if (errors.Any || known is not { } id)
        {
            return errors.ToProblem();
        }

        var sight = (await heartbeats.AllAsync(http.RequestAborted)).FirstOrDefault(s => s.Heartbeat.Name == id);
        if (sight is not null && !await MayAsync(http.Caller, Deed.Beat, sight.Heartbeat.Terms.Target, ledger, http.RequestAborted))
        {
            return await refusals.RefuseAsync(http.Caller, Deed.Beat, id.Value, "A trader disarms switches of the own book or an own strategy.");
        }

        return sight is not null && await heartbeats.DisarmAsync(id, http.Caller.DisplayName, reason, CancellationToken.None) is { } row
            ? TypedResults.Ok(HeartbeatResponse.Of(new(row, null)))
            : Problems.NotFound($"There is no heartbeat {id} that this key may disarm.");
    }

    private static (HeartbeatName Name, HeartbeatTerms Terms) Read(HeartbeatBody body, FieldErrors errors)
    {
        errors.AddIf(body.UserId is null == body.StrategyId is null, "user_id", "Give user_id or strategy_id, and not both.");
        var timeout = errors.Required("timeout_ms", body.TimeoutMs);
        var (least, most) = ((int)HeartbeatTerms.Shortest.TotalMilliseconds, (int)HeartbeatTerms.Longest.TotalMilliseconds);
        errors.AddIf(body.TimeoutMs is not null && (timeout < least || timeout > most), "timeout_ms", $"timeout_ms must be from {least} to {most}.");
        var options = new StopOptions(body.CancelOrders ?? true, body.PauseStrategies ?? true, body.ClosePositions ?? false, body.KeepProtective ?? true);
        if (options.Contradiction is var (field, why))
        {
            errors.Add(field, why);
        }

        if (errors.Any)
        {
            return default;
        }

        var target = body.StrategyId is { } strategy ? StopTarget.Of(strategy) : StopTarget.Of(body.UserId.GetValueOrDefault());
        return (body.Name ?? HeartbeatName.Parse(target.Value), new(target, TimeSpan.FromMilliseconds(timeout), options));
    }

    /// <summary>The same for a beat, which is taken without the ledger too: its silence would otherwise be taken for the program's.</summary>
    private static async ValueTask<bool> MayBeatAsync(Caller caller, StopTarget target, ILedger ledger, LedgerMirror mirror, CancellationToken cancellationToken)
    {
        try
        {
            return await MayAsync(caller, Deed.Beat, target, ledger, cancellationToken);
        }
        catch (LedgerUnavailableException)
        {
            return Authority.Allows(caller, Deed.Beat, target.Strategy is { } strategy ? mirror.OwnerOf(strategy) : target.User);
        }
    }

    /// <summary>Whether the caller may do this to what is stopped: a trader's are the own book and own strategies.</summary>
    private static async ValueTask<bool> MayAsync(Caller caller, Deed deed, StopTarget target, ILedger ledger, CancellationToken cancellationToken) =>
        Authority.Of(caller.Role, deed) == Reach.All
        || Authority.Allows(caller, deed, target.Strategy is { } strategy ? (await ledger.FindStrategyAsync(strategy, cancellationToken))?.User : target.User);
}
