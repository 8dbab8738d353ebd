using EmergencyStop.Api.Console;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace EmergencyStop.Api.Errors;

/// <summary>The outermost layer: nothing leaves as an exception or as a bare status.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ProblemLog answers, TimeProvider time, ILogger<ProblemMiddleware> logger)
{
    /// <summary>Runs the request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        http.Features.Set(new Arrival(time.GetUtcNow()));
        SetHeaders(http);
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
            {
                await Problems.OfStatus(http.Response.StatusCode).ExecuteAsync(http);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // Nobody is left to read an answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var problem = Explain(e, http);
            http.Response.Clear();
            SetHeaders(http);
            await problem.ExecuteAsync(http);
        }
        finally
        {
            answers.Note(http);
        }
    }

    private static void SetHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        if (!ConsolePaths.IsForPrograms(http.Request))
        {
            ConsolePage.SetHeaders(http);
        }
    }

    private Problem Explain(Exception e, HttpContext http)
    {
        switch (e)
        {
            case BadHttpRequestException bad:
                return Problems.OfStatus(bad.StatusCode);
            case LedgerUnavailableException: // The ledger's watch says it once; a line a request would hide it (F27).
                LogLedgerUnavailable(e, http.Request.Method, PathText.Plain(http.Request.Path.Value));
                return Problems.LedgerUnavailable;
            case TimeoutException:
                LogPartUnavailable(e, http.Request.Method, PathText.Plain(http.Request.Path.Value));
                return Problems.TimedOut;
            case OrleansException:
                LogPartUnavailable(e, http.Request.Method, PathText.Plain(http.Request.Path.Value));
                return Problems.Unavailable;
            default:
                LogFailed(e, http.Request.Method, PathText.Plain(http.Request.Path.Value), AnsweredProblem.TraceOf(http));
                return Problems.InternalError;
        }
    }

    [LoggerMessage(EventIds.Failed, LogLevel.Error, "{Method} {Path} has failed, trace {TraceId}")]
    private partial void LogFailed(Exception e, string method, string? path, string traceId);

    [LoggerMessage(EventIds.LedgerUnavailable, LogLevel.Debug, "{Method} {Path}: the ledger is unavailable")]
    private partial void LogLedgerUnavailable(Exception e, string method, string? path);

    [LoggerMessage(EventIds.PartUnavailable, LogLevel.Error, "{Method} {Path}: a part of the service does not answer")]
    private partial void LogPartUnavailable(Exception e, string method, string? path);
}

/// <summary>When a request arrived (UTC): the press, for a stop.</summary>
/// <param name="At">The time, before anything else was done.</param>
internal sealed record Arrival(DateTimeOffset At)
{
    /// <summary>The arrival of this request.</summary>
    public static DateTimeOffset Of(HttpContext http) => http.Features.GetRequiredFeature<Arrival>().At;
}
