using EmergencyStop.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Console;

/// <summary>Registration of the pages.</summary>
public static class ConsoleRegistration
{
    private const string SessionCookie = "emergency-stop-session";
    private const string FormCookie = "emergency-stop-form";

    /// <summary>The policy that asks for a session of the pages, and takes no API key in its place.</summary>
    internal const string Policy = "console";

    private const string EverythingPolicy = "console:everything";

    /// <summary>Lets in only who has signed in on the page and may read everything: for pages of others, which know nothing of books.</summary>
    public static TBuilder RequiresSessionThatReadsAll<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(EverythingPolicy);

    /// <summary>Adds sessions, forms and pages.</summary>
    internal static IServiceCollection AddConsole(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ConsoleOptions>().Bind(configuration.GetSection(ConsoleOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ConsoleOptions>, ConsoleOptionsValidator>();
        services.AddRazorComponents();
        services.AddSingleton<ConsoleAssets>().AddSingleton<ConsoleSession>().AddSingleton<LedgerReading>();
        services.AddSingleton<OverviewEndpoint>().AddSingleton<StopPressEndpoints>().AddSingleton<StopPageEndpoints>();
        services.AddSingleton<StopDeedEndpoints>().AddSingleton<ListEndpoints>();
        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<ConsoleOptions>>((forms, console) =>
        {
            forms.SuppressXFrameOptionsHeader = true; // Every page has it already.
            Protect(forms.Cookie, FormCookie, console.Value);
        });
        services.AddAuthentication().AddCookie(ConsoleSession.SchemeName);
        services.AddOptions<CookieAuthenticationOptions>(ConsoleSession.SchemeName).Configure<IOptions<ConsoleOptions>>((cookie, console) =>
        {
            cookie.EventsType = typeof(ConsoleSession);
            cookie.ExpireTimeSpan = console.Value.SessionIdle;
            cookie.SlidingExpiration = true;
            Protect(cookie.Cookie, SessionCookie, console.Value);
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Policy, p => p.AddAuthenticationSchemes(ConsoleSession.SchemeName).RequireAuthenticatedUser())
            .AddPolicy(EverythingPolicy, p => p.AddAuthenticationSchemes(ConsoleSession.SchemeName).RequireAuthenticatedUser().RequireAssertion(MayReadAll));
        return services;
    }

    private static bool MayReadAll(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && http.Features.Get<Caller>() is { } caller && Authority.Of(caller.Role, Deed.Read) == Reach.All;

    /// <summary>No script reads them, no other site's page has them sent.</summary>
    private static void Protect(CookieBuilder cookie, string name, ConsoleOptions console)
    {
        cookie.Name = name;
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.IsEssential = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = console.AlwaysSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }
}
