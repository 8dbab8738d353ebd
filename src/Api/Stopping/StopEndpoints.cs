using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Stopping;

/// <summary>The calls that stop.</summary>
internal static class StopEndpoints
{
    private static readonly StopOptions Plain = new();

    /// <summary>Maps them.</summary>
    public static void MapStopping(this IEndpointRouteBuilder api)
    {
        Describe(api.MapPost("emergency-stop/execute", ExecuteAsync), "Engage a stop of any scope").Takes<ExecuteBody>();
        Describe(api.MapPost("emergency-stop/panic", PanicAsync), "Stop the caller's own book: cancel, pause, close").Takes<PanicBody>();
        Describe(api.MapPost("emergency-stop/strategy/{strategy_id}/stop", StrategyAsync), "Stop one strategy").Takes<StopBody>();
        Describe(api.MapPost("emergency-stop/symbol/{symbol}/stop", SymbolAsync), "Stop one symbol; for a trader, in the own book").Takes<StopBody>();
        Describe(api.MapPost("emergency-stop/system/stop", SystemAsync), "Stop everything").Takes<StopBody>();
    }

    private static Task<IResult> ExecuteAsync(HttpContext http, StopDesk desk, IOptions<ApiOptions> options) =>
        RunAsync<ExecuteBody>(http, desk, options.Value, Plain, needsReason: true, (body, errors) => TargetResolution.Resolve(body, http.Caller, errors));

    private static Task<IResult> PanicAsync(HttpContext http, StopDesk desk, IOptions<ApiOptions> options) =>
        RunAsync<PanicBody>(
            http,
            desk,
            options.Value,
            StopOptions.Panic,
            needsReason: false,
            (body, errors) => TargetResolution.Resolve(new() { Scope = EmergencyStopScope.User, UserId = body.UserId }, http.Caller, errors));

    private static Task<IResult> StrategyAsync(
        HttpContext http, string strategy_id, StopDesk desk, IOptions<ApiOptions> options) =>
        RunAsync<StopBody>(http, desk, options.Value, Plain, needsReason: false, (_, errors) =>
            PathText.TryRead<StrategyId>("strategy_id", strategy_id, errors) is { } strategy ? StopTarget.Of(strategy) : null);

    private static Task<IResult> SymbolAsync(HttpContext http, string symbol, StopDesk desk, IOptions<ApiOptions> options) =>
        RunAsync<StopBody>(http, desk, options.Value, Plain, needsReason: false, (_, errors) =>
            PathText.TryRead<Symbol>("symbol", symbol, errors) is { } named ? TargetResolution.OfSymbol(named, http.Caller) : null);

    private static Task<IResult> SystemAsync(HttpContext http, StopDesk desk, IOptions<ApiOptions> options) =>
        RunAsync<StopBody>(http, desk, options.Value, Plain, needsReason: false, (_, _) => StopTarget.System);

    private static async Task<IResult> RunAsync<TBody>(
        HttpContext http, StopDesk desk, ApiOptions options, StopOptions defaults, bool needsReason, Func<TBody, FieldErrors, StopTarget?> resolve)
        where TBody : StopBody, new()
    {
        var (body, hash, problem) = await RequestBody.ReadAsync<TBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var errors = new FieldErrors();
        var target = resolve(body, errors);
        var query = new QueryFields(http.Request.Query, errors);
        var wait = query.Number("wait_ms", 0, ApiOptions.MostWaitMs);
        query.Finish();
        var wish = StopWish.Read(body, wait, defaults, needsReason, options.StopWaitMs, errors);
        wish = body is ExecuteBody { Except: { IsDefaultOrEmpty: false } parts } ? wish with { Except = CheckParts(parts, target, errors) } : wish;
        return errors.Any || target is null ? errors.ToProblem() : await desk.StopAsync(http, target.Value, wish, hash);
    }

    /// <summary>Checks the parts that are to trade on.</summary>
    public static ImmutableArray<StopTarget> CheckParts(ImmutableArray<StopTarget> parts, StopTarget? target, FieldErrors errors)
    {
        const int most = 10; // With the longest names and reason a stop fits into its record of the spool.
        errors.AddIf(parts.Length > most, "except", $"except has {parts.Length} parts; {most} is the most.");
        foreach (var part in parts)
        {
            if (target is { } whole && CarveOut.WhyNot(whole, part) is { } why)
            {
                errors.Add("except", why);
            }
        }

        return parts;
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string summary) => endpoint
        .Requires(Deed.Stop)
        .AlsoWithoutLedger()
        .WithMetadata(new TakesIdempotencyKey())
        .WithTags("Stopping")
        .WithSummary(summary)
        .WithDescription("The gate is closed before anything else is done. A stop that is still working after wait_ms answers 202 and goes on. While the ledger is down it still cancels at the venues and answers recorded: false, gate: unproven; it is recorded when the ledger returns.")
        .WithMetadata(new QueryField("wait_ms", "integer", "Wins over the body's wait_ms."))
        .Produces<StopResponse>()
        .Produces<StopResponse>(StatusCodes.Status202Accepted)
        .ProducesProblems(400, 403, 413, 415, 422);
}
