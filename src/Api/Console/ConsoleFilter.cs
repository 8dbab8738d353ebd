using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Limits;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Console;

/// <summary>Lets a form in only if this service's own page has sent it, and a key's pages only within its budget.</summary>
internal sealed class ConsoleFilter(IAntiforgery antiforgery, RateLimits limits) : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Features.Get<Caller>() is { } caller
            && http.GetEndpoint()?.Metadata.GetMetadata<DeedRequirement>() is { } requirement
            && limits.Count(caller, requirement.Deed) is { } tooMany)
        {
            return tooMany;
        }

        return HttpMethods.IsPost(http.Request.Method) && !await IsOursAsync(http) ? Problems.FormNotOurs : await next(context);
    }

    private async Task<bool> IsOursAsync(HttpContext http)
    {
        try
        {
            return http.Request.HasFormContentType && await antiforgery.IsRequestValidAsync(http);
        }
        catch (Exception e) when (e is AntiforgeryValidationException or InvalidDataException)
        {
            return false; // It cannot even be read.
        }
    }
}
