using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Strategies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Strategies;

/// <summary>The call that changes the secret of a strategy's notices.</summary>
internal static class CallbackSecretEndpoint
{
    /// <summary>Maps it. It takes no idempotency key: its answer is a secret, and answers are remembered in the ledger.</summary>
    public static void MapCallbackSecret(this IEndpointRouteBuilder strategies) => strategies
        .MapPut("strategies/{strategy_id}/callback-secret", RotateAsync)
        .Requires(Deed.RegisterStrategy)
        .WithSummary("Change the secret that a strategy's notices are signed with")
        .WithDescription("The new one is shown here, once, and signs from now on. Ask again if the answer is lost.")
        .Produces<CallbackSecretResponse>()
        .ProducesProblems(400, 404);

    private static async Task<IResult> RotateAsync(
        HttpContext http, string strategy_id, ILedger ledger, ICallbackRules callbacks, TimeProvider time)
    {
        var errors = new FieldErrors();
        if (PathText.TryRead<StrategyId>("strategy_id", strategy_id, errors) is not { } id)
        {
            return errors.ToProblem();
        }

        var caller = http.Caller;
        return await ledger.FindStrategyAsync(id, http.RequestAborted) is { } known
            && Authority.Allows(caller, Deed.RegisterStrategy, known.User)
            && await ledger.RotateSecretAsync(id, caller.DisplayName, time.GetUtcNow(), CancellationToken.None) is { } strategy
            ? TypedResults.Ok(new CallbackSecretResponse(id, callbacks.SecretOf(id, strategy.SecretGeneration)))
            : Problems.NotFound($"There is no strategy {id} that this key may change.");
    }
}

/// <summary>A strategy's new secret.</summary>
/// <param name="StrategyId">The strategy.</param>
/// <param name="CallbackSecret"><c>whsec_</c> and base64: what Standard Webhooks libraries take.</param>
public sealed record CallbackSecretResponse(StrategyId StrategyId, string CallbackSecret);
