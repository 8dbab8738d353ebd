using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Limits;

/// <summary>Refuses what goes over its key's budget, before anything is read or written for it.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimits limits)
{
    /// <summary>Runs the request, or refuses it.</summary>
    public Task InvokeAsync(HttpContext http) =>
        http.Features.Get<Caller>() is { } caller
        && http.GetEndpoint()?.Metadata.GetMetadata<DeedRequirement>() is { } requirement
        && limits.Count(caller, requirement.Deed) is { } refusal
            ? refusal.ExecuteAsync(http)
            : next(http);
}
