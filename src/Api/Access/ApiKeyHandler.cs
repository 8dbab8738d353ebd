using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using EmergencyStop.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Limits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Access;

/// <summary>Reads <c>Authorization: Bearer esk_…</c>. A refusal is a problem like any other.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyCache keys, Refusals refusals, RateLimits limits)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "ApiKey";

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        if (header.Count > 1
            || !AuthenticationHeaderValue.TryParse(header[0], out var value)
            || !value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            || value.Parameter is not { } key
            || !ApiKeyFactory.HasShape(key)
            || await FindAsync(key) is not { } caller)
        {
            return AuthenticateResult.Fail("The key is not known or was revoked.");
        }

        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, caller.KeyId), new(ClaimTypes.Name, caller.Name)], SchemeName);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }

    private ValueTask<Caller?> FindAsync(string key) => Context.GetEndpoint()?.Metadata.GetMetadata<WorksWithoutLedger>() is null
        ? keys.FindAsync(key, Context.RequestAborted)
        : keys.FindForStopAsync(key);

    /// <inheritdoc/>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (limits.CountUnauthenticated(Context.Connection.RemoteIpAddress) is { } tooMany)
        {
            await tooMany.ExecuteAsync(Context);
            return;
        }

        var result = await HandleAuthenticateOnceAsync();
        Response.Headers.WWWAuthenticate = "Bearer";
        await Problems.Unauthenticated(result.Failure is null
            ? "Send an API key: Authorization: Bearer esk_…"
            : "The Authorization header holds no key that is known and in force.").ExecuteAsync(Context);
    }

    /// <inheritdoc/>
    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var problem = await refusals.RefuseRoleAsync(Context);
        await problem.ExecuteAsync(Context);
    }
}

/// <summary>Asks that the caller's role reaches a deed, be it in the own book only; whose book it is, the endpoint asks.</summary>
/// <param name="Deed">The deed.</param>
/// <param name="Or">Another one that is as good.</param>
internal sealed record DeedRequirement(Deed Deed, Deed? Or = null) : IAuthorizationRequirement
{
    /// <summary>The name of the policy.</summary>
    public static string PolicyOf(Deed deed, Deed? or = null) => or is null ? $"deed:{deed}" : $"deed:{deed}:{or}";
}

/// <summary>Decides by <see cref="Authority"/>.</summary>
internal sealed class DeedAuthorization : AuthorizationHandler<DeedRequirement>
{
    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, DeedRequirement requirement)
    {
        if (context.Resource is HttpContext http
            && http.Features.Get<Caller>() is { } caller
            && (Authority.Of(caller.Role, requirement.Deed) != Reach.None
                || (requirement.Or is { } other && Authority.Of(caller.Role, other) != Reach.None)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
