using EmergencyStop.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Ids;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace EmergencyStop.Api.Access;

/// <summary>Who is behind a request, and what endpoints ask about that.</summary>
internal static class CallerAccess
{
    extension(HttpContext http)
    {
        /// <summary>The caller; only behind authentication.</summary>
        public Caller Caller => http.Features.GetRequiredFeature<Caller>();
    }

    /// <summary>Adds API keys, one policy a deed, and the audit of refusals.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<KeyCache>().AddSingleton<Refusals>();
        services.AddSingleton<RefusedAttempts>().AddHostedService(provider => provider.GetRequiredService<RefusedAttempts>());
        services.AddSingleton<IAuthorizationHandler, DeedAuthorization>();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        var policies = services.AddAuthorizationBuilder();
        foreach (var deed in Enum.GetValues<Deed>())
        {
            policies.AddPolicy(DeedRequirement.PolicyOf(deed), p => p.RequireAuthenticatedUser().AddRequirements(new DeedRequirement(deed)));
        }

        policies.AddPolicy(
            DeedRequirement.PolicyOf(Deed.PlaceOrder, Deed.PassGate),
            p => p.RequireAuthenticatedUser().AddRequirements(new DeedRequirement(Deed.PlaceOrder, Deed.PassGate)));
        return services;
    }

    /// <summary>Lets only roles in that reach the deed.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Deed deed)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(DeedRequirement.PolicyOf(deed)).WithMetadata(new DeedRequirement(deed));

    /// <summary>Lets roles in that reach either deed; which one it is, the endpoint asks.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Deed deed, Deed or)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(DeedRequirement.PolicyOf(deed, or)).WithMetadata(new DeedRequirement(deed, or));

    /// <summary>Which user's rows a caller reads: the one asked for, or for a trader always the own ones.</summary>
    public static (UserId? User, Problem? Problem) BookToRead(Caller caller, UserId? asked)
    {
        if (Authority.Of(caller.Role, Deed.Read) == Reach.All)
        {
            return (asked, null);
        }

        return caller.User is { } own && (asked is null || asked == own)
            ? (own, null)
            : (null, Problems.Forbidden("A trader reads the own book only."));
    }
}
