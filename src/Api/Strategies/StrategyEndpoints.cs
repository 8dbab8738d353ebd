using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace EmergencyStop.Api.Strategies;

/// <summary>The calls on strategies and their positions: what there is to pause and close.</summary>
internal static class StrategyEndpoints
{
    private const string NotTheOwner = "The strategy belongs to another user.";

    /// <summary>Maps them.</summary>
    public static void MapStrategies(this IEndpointRouteBuilder api)
    {
        var strategies = api.MapGroup(string.Empty).WithTags("Strategies");
        strategies.MapPut("strategies/{strategy_id}", RegisterAsync)
            .Requires(Deed.RegisterStrategy)
            .Needs<StrategyBody>()
            .WithSummary("Register a strategy or change it")
            .WithDescription("What the body leaves out is cleared. Only an engine or an admin moves a strategy to another owner. callback_secret is shown with the first callback_url, once.")
            .Produces<RegisteredStrategyResponse>()
            .ProducesProblems(400, 403, 413, 415);
        strategies.MapCallbackSecret();
        strategies.MapPost("strategies/{strategy_id}/resume", ResumeAsync)
            .Requires(Deed.Resume)
            .Idempotent()
            .Takes<ResumeBody>()
            .WithSummary("Let a paused strategy trade again")
            .WithDescription("Refused while a stop holds a target within which it is paused. One that runs is left as it is.")
            .Produces<StrategyResponse>()
            .ProducesProblems(400, 403, 404, 413, 415, 422, 423);
        strategies.MapGet("strategies/{strategy_id}", FindAsync)
            .Requires(Deed.Read)
            .WithSummary("One strategy")
            .Produces<StrategyResponse>()
            .ProducesProblems(400, 404);
        strategies.MapGet("strategies", ListAsync)
            .Requires(Deed.Read)
            .Queries(("user_id", "Only this user's."), ("cursor", "next_cursor of the last page."), ("limit", "1 to 500; default 100."))
            .WithSummary("Strategies, by id")
            .Produces<StrategiesResponse>()
            .ProducesProblems(400, 403);
        strategies.MapGet("positions", PositionsAsync)
            .Requires(Deed.Read)
            .Queries(("user_id", "Only this user's."), ("strategy_id", "Only this strategy's."), ("symbol", "Only in this symbol."))
            .WithSummary("Positions, as fills attributed them to strategies")
            .Produces<PositionsResponse>()
            .ProducesProblems(400, 403);
    }

    private static async Task<IResult> RegisterAsync(
        HttpContext http, string strategy_id, ILedger ledger, Refusals refusals, ICallbackRules callbacks, TimeProvider time)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<StrategyBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var id = PathText.TryRead<StrategyId>("strategy_id", strategy_id, errors);
        var (user, name, callback) = StrategyReading.Read(body, errors);
        if (errors.Any || id is not { } strategyId)
        {
            return errors.ToProblem();
        }

        var caller = http.Caller;
        if (!Authority.Allows(caller, Deed.RegisterStrategy, user))
        {
            return await refusals.RefuseAsync(caller, Deed.RegisterStrategy, strategyId.Value, "A trader registers own strategies only.");
        }

        if (callback is not null && await callbacks.WhyNotAsync(new Uri(callback), http.RequestAborted) is { } why)
        {
            return Problems.ValidationFailed("callback_url", why);
        }

        var before = await ledger.FindStrategyAsync(strategyId, CancellationToken.None);
        var mayMove = Authority.Of(caller.Role, Deed.RegisterStrategy) == Reach.All;
        var strategy = await ledger.RegisterAsync(strategyId, user, name, callback, mayMove, time.GetUtcNow(), CancellationToken.None);
        return strategy is null
            ? await refusals.RefuseAsync(caller, Deed.RegisterStrategy, strategyId.Value, NotTheOwner)
            : TypedResults.Ok(RegisteredStrategyResponse.Of(
                strategy, callback is not null && before?.CallbackUrl is null ? callbacks.SecretOf(strategy.Id, strategy.SecretGeneration) : null));
    }

    private static async Task<IResult> ResumeAsync(
        HttpContext http, string strategy_id, IGrainFactory grains, Refusals refusals)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<ResumeBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var id = PathText.TryRead<StrategyId>("strategy_id", strategy_id, errors);
        var reason = ReasonText.Read(body.Reason, needed: false, errors);
        if (errors.Any || id is not { } strategyId)
        {
            return errors.ToProblem();
        }

        var caller = http.Caller;
        // Once asked, a resume is carried out even if the one who asked hangs up.
        return await grains.GetGrain<IStrategyGrain>(strategyId.Value).ResumeAsync(caller, reason, CancellationToken.None) switch
        {
            ResumeAnswer.Resumed r => TypedResults.Ok(StrategyResponse.Of(r.Strategy)),
            ResumeAnswer.NotPaused r => TypedResults.Ok(StrategyResponse.Of(r.Strategy)),
            ResumeAnswer.NotFound => NotFound(strategyId),
            ResumeAnswer.Forbidden f => await refusals.RefuseAsync(caller, Deed.Resume, strategyId.Value, f.Why),
            ResumeAnswer.GateClosed closed => Problems.GateClosed(closed.By),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no known answer to a resume."),
        };
    }

    private static async Task<IResult> FindAsync(HttpContext http, string strategy_id, ILedger ledger)
    {
        var errors = new FieldErrors();
        if (PathText.TryRead<StrategyId>("strategy_id", strategy_id, errors) is not { } id)
        {
            return errors.ToProblem();
        }

        return await ledger.FindStrategyAsync(id, http.RequestAborted) is { } strategy && Authority.Allows(http.Caller, Deed.Read, strategy.User)
            ? TypedResults.Ok(StrategyResponse.Of(strategy))
            : NotFound(id);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ILedger ledger)
    {
        const int usualLimit = 100;
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var asked = query.Id<UserId>("user_id");
        var cursor = query.Text("cursor");
        var limit = query.Number("limit", 1, Paging.MostRows) ?? usualLimit;
        query.Finish();
        var (user, refusal) = CallerAccess.BookToRead(http.Caller, asked);
        return errors.Any || refusal is not null
            ? refusal ?? errors.ToProblem()
            : await Paging.AnswerAsync(
                cursor,
                () => ledger.StrategiesAsync(user, cursor, limit, http.RequestAborted),
                page => new StrategiesResponse([.. page.Items.Select(StrategyResponse.Of)], page.NextCursor));
    }

    private static async Task<IResult> PositionsAsync(HttpContext http, ILedger ledger)
    {
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var asked = query.Id<UserId>("user_id");
        var strategy = query.Id<StrategyId>("strategy_id");
        var symbol = query.Id<Symbol>("symbol");
        query.Finish();
        var (user, refusal) = CallerAccess.BookToRead(http.Caller, asked);
        if (errors.Any || refusal is not null)
        {
            return refusal ?? errors.ToProblem();
        }

        var positions = await ledger.PositionsAsync(user, strategy, symbol, http.RequestAborted);
        return TypedResults.Ok(new PositionsResponse([.. positions.Select(p => new PositionResponse(p))]));
    }

    private static Problem NotFound(StrategyId id) => Problems.NotFound($"There is no strategy {id} that this key may see.");
}
