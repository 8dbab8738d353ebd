using System.Globalization;
using System.Security.Claims;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Console;

/// <summary>Who is signed in: the cookie says which key, and the ledger, or its mirror, says at each request what that key may do.</summary>
/// <remarks>The cookie holds the key's hash, never the key: nobody signs in, or calls the API, with a hash.</remarks>
internal sealed partial class ConsoleSession(KeyCache keys, Refusals refusals, TimeProvider time, IOptions<ConsoleOptions> options, ILogger<ConsoleSession> log)
    : CookieAuthenticationEvents
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Console";

    /// <summary>The header of a page's script that refreshes it: nobody has done anything.</summary>
    public const string RefreshHeader = "X-Console-Refresh";

    private const string HashClaim = "key_hash";
    private const string SignedInAt = "signed-in-at";

    /// <summary>Signs the owner of a key in.</summary>
    public async Task SignInAsync(HttpContext http, string key, Caller caller)
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, caller.KeyId), new(ClaimTypes.Name, caller.Name), new(HashClaim, ApiKeyFactory.Hash(key))], SchemeName);
        var properties = new AuthenticationProperties { IsPersistent = false };
        properties.Items[SignedInAt] = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await http.SignInAsync(SchemeName, new(identity), properties);
        LogSignedIn(caller.DisplayName, caller.KeyId, caller.Role);
    }

    /// <inheritdoc/>
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (!IsOver(context.Properties)
            && context.Principal?.FindFirstValue(HashClaim) is { } hash
            && await keys.FindForSessionAsync(hash) is { } caller)
        {
            context.HttpContext.Features.Set(caller);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SchemeName);
    }

    /// <inheritdoc/>
    public override Task CheckSlidingExpiration(CookieSlidingExpirationContext context)
    {
        if (IsScript(context.Request) || context.Request.Query["reload"] == "true")
        {
            context.ShouldRenew = false; // The page has refreshed itself; nobody has done anything.
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>A press by somebody who is signed out stops nothing, and the page that they get says so.</remarks>
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (IsScript(context.Request))
        {
            return Problems.Unauthenticated("Sign in again.").ExecuteAsync(context.HttpContext);
        }

        if (context.Request.Path == ConsolePaths.SignOut)
        {
            context.Response.Redirect(ConsolePaths.SignIn);
            return Task.CompletedTask;
        }

        var pressed = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (pressed)
        {
            context.HttpContext.Features.Set(new AnsweredProblem(StatusCodes.Status401Unauthorized, "unauthenticated", AnsweredProblem.TraceOf(context.HttpContext)));
        }

        context.Response.Redirect(pressed
            ? $"{ConsolePaths.SignIn}?pressed=true"
            : $"{ConsolePaths.SignIn}{QueryString.Create("return", $"{context.Request.Path}{context.Request.QueryString}")}");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        var problem = await refusals.RefuseRoleAsync(context.HttpContext);
        await problem.ExecuteAsync(context.HttpContext);
    }

    private static bool IsScript(HttpRequest request) => request.Headers.ContainsKey(RefreshHeader);

    private bool IsOver(AuthenticationProperties properties) =>
        !properties.Items.TryGetValue(SignedInAt, out var text)
        || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        || time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds) >= options.Value.SessionLongest;

    [LoggerMessage(EventIds.SignedIn, LogLevel.Information, "{By} has signed in to the console with key {KeyId} ({Role})")]
    private partial void LogSignedIn(string by, string keyId, Role role);
}
