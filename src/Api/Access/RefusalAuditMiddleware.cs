using EmergencyStop.Access;
using EmergencyStop.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Access;

/// <summary>Sees to it that every refused attempt to stop or release is in the audit, whichever layer has refused it.</summary>
/// <remarks>Refusals for want of authority are noted by <see cref="Refusals"/>, which knows more about them.</remarks>
internal sealed class RefusalAuditMiddleware(RequestDelegate next, RefusedAttempts attempts)
{
    /// <summary>Runs the request, and notes its refusal.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (ActionOf(http) is not { } action
            || http.Features.Get<AnsweredProblem>() is not { Status: 401 or 409 or 423 or 429, Code: not "request_in_progress" } answered)
        {
            return;
        }

        var caller = http.Features.Get<Caller>();
        await attempts.NoteAsync(new(
            caller?.DisplayName ?? "unknown",
            action,
            http.Request.Path.Value ?? string.Empty,
            caller?.KeyId,
            caller is null ? $"{http.Connection.RemoteIpAddress}" : null,
            answered.Code));
    }

    /// <summary>How the audit names a refusal of this call; <c>null</c> for calls that neither stop nor release.</summary>
    private static string? ActionOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<DeedRequirement>()?.Deed switch
    {
        Deed.Stop => "stop.refused",
        Deed.Release => "release.refused",
        _ => null,
    };
}
