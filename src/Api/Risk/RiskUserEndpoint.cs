using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Risk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace EmergencyStop.Api.Risk;

/// <summary>The call that shows how the rules stand towards one user.</summary>
internal static class RiskUserEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapRiskUsers(this IEndpointRouteBuilder api) => api.MapGet("risk/users/{user_id}", ShowAsync)
        .WithTags("Risk")
        .Requires(Deed.Read)
        .WithSummary("How the risk rules stand towards a user")
        .WithDescription("Current figures, levels, since when, grace, and how old the figures are. An unknown figure is null, never a guess.")
        .Produces<RiskUserResponse>()
        .ProducesProblems(400, 403);

    private static async Task<IResult> ShowAsync(HttpContext http, string user_id, IGrainFactory grains)
    {
        var errors = new FieldErrors();
        if (PathText.TryRead<UserId>("user_id", user_id, errors) is not { } user)
        {
            return errors.ToProblem();
        }

        return Authority.Allows(http.Caller, Deed.Read, user)
            ? TypedResults.Ok(RiskUserResponse.Of(await grains.GetGrain<IRiskGuardGrain>(user.Value).ShowAsync(http.RequestAborted)))
            : Problems.Forbidden("A trader reads the own book only.");
    }
}
