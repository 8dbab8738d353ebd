using EmergencyStop.Access;
using EmergencyStop.Api.Console.Pages;
using EmergencyStop.Api.Errors;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EmergencyStop.Api.Console;

/// <summary>Answers with pages.</summary>
internal static class ConsolePage
{
    // Nothing is loaded from anywhere else, no inline script or style runs, and nobody frames a page that has a panic button.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // Orleans' own dashboard writes styles into its page and embeds its fonts.
    private const string DashboardPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A page with what it shows.</summary>
    public static IResult Of<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        new RazorComponentResult<TPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Model"] = model })
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        };

    /// <summary>A refusal, or a failure, for people.</summary>
    public static IResult OfProblem(Problem problem, string traceId, Caller? caller) =>
        Of<ProblemPage>(new ProblemModel(problem.Status, problem.Title, problem.Detail, traceId, caller), problem.Status);

    /// <summary>On to a page by GET, so that loading it again sends nothing again.</summary>
    public static IResult SeeOther(string path) => new SeeOtherResult(path);

    /// <summary>What every answer says about where it may be shown and what may run in it.</summary>
    public static void SetHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-cache, no-store"; // As forms ask for.
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy =
            http.Request.Path.StartsWithSegments(ConsolePaths.Dashboard, StringComparison.OrdinalIgnoreCase) ? DashboardPolicy
            : ContentSecurityPolicy;
    }

    private sealed class SeeOtherResult(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
