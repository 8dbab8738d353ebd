using EmergencyStop.Api.Access;
using EmergencyStop.Api.Console.Pages;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Limits;
using EmergencyStop.Ledger;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Console;

/// <summary>Signing in with an API key, and out.</summary>
internal static class SignInEndpoints
{
    private const string Unknown = "This key is not known, or was revoked.";
    private const string Unreadable = "Whether this key is good cannot be said now: the ledger does not answer. Try again; a key that was good before works without the ledger.";

    /// <summary>Maps them.</summary>
    /// <param name="anybody">The pages that need no session.</param>
    /// <param name="pages">Those that need one.</param>
    public static void Map(IEndpointRouteBuilder anybody, IEndpointRouteBuilder pages)
    {
        // As delegates: a method that takes the context alone would be taken for one that answers by itself.
        anybody.MapGet(ConsolePaths.SignIn, (Delegate)ShowAsync);
        anybody.MapPost(ConsolePaths.SignIn, SignInAsync);
        pages.MapPost(ConsolePaths.SignOut, (Delegate)SignOutAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http)
    {
        var pressed = http.Request.Query["pressed"] == "true";
        var back = ReturnOf(http.Request.Query["return"]);
        var signedIn = await http.AuthenticateAsync(ConsoleSession.SchemeName);
        return signedIn.Succeeded
            ? ConsolePage.SeeOther(back)
            : ConsolePage.Of<SignInPage>(new SignInModel(back, pressed, null));
    }

    private static async Task<IResult> SignInAsync(HttpContext http, KeyCache keys, ConsoleSession session, RateLimits limits)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var back = ReturnOf(form["return"]);
        var key = form["key"].ToString().Trim();
        try
        {
            if (ApiKeyFactory.HasShape(key) && await keys.FindForStopAsync(key) is { } caller)
            {
                await session.SignInAsync(http, key, caller);
                return ConsolePage.SeeOther(back);
            }
        }
        catch (LedgerUnavailableException)
        {
            return ConsolePage.Of<SignInPage>(new SignInModel(back, false, Unreadable), StatusCodes.Status503ServiceUnavailable);
        }

        return (IResult?)limits.CountUnauthenticated(http.Connection.RemoteIpAddress)
            ?? ConsolePage.Of<SignInPage>(new SignInModel(back, false, Unknown), StatusCodes.Status401Unauthorized);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http)
    {
        await http.SignOutAsync(ConsoleSession.SchemeName);
        return ConsolePage.SeeOther(ConsolePaths.SignIn);
    }

    /// <summary>Back to a page of this service, never to another's.</summary>
    private static string ReturnOf(string? path) => ConsolePaths.IsOurs(path) ? path! : ConsolePaths.Overview; // IsOurs has refused null.
}
