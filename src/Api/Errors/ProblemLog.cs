using EmergencyStop.Api.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Api.Errors;

/// <summary>Writes each refusal with its trace id, so that whoever is told one finds it in the log. Bounded: a flood of refusals is no flood of lines.</summary>
internal sealed partial class ProblemLog(TimeProvider time, ILogger<ProblemLog> logger)
{
    private const int MostASecond = 50;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private int _written;
    private int _left;

    /// <summary>Notes the problem that a request was answered with, if it was one.</summary>
    public void Note(HttpContext http)
    {
        if (http.Features.Get<AnsweredProblem>() is not { } answered)
        {
            return;
        }

        var (mayWrite, left) = Take();
        if (left > 0)
        {
            LogLeftOut(left, MostASecond);
        }

        if (mayWrite)
        {
            LogProblem(PathText.Plain(http.Request.Method), PathText.Plain(http.Request.Path.Value), answered.Status, answered.Code, answered.TraceId);
        }
        else if (logger.IsEnabled(LogLevel.Debug))
        {
            LogProblemAmongMany(PathText.Plain(http.Request.Method), PathText.Plain(http.Request.Path.Value), answered.Status, answered.Code, answered.TraceId);
        }
    }

    private (bool MayWrite, int Left) Take()
    {
        lock (_gate)
        {
            var left = 0;
            if (time.GetElapsedTime(_since) >= Second)
            {
                (_since, _written, left, _left) = (time.GetTimestamp(), 0, _left, 0);
            }

            var may = _written < MostASecond;
            _written += may ? 1 : 0;
            _left += may ? 0 : 1;
            return (may, left);
        }
    }

    [LoggerMessage(EventIds.ProblemAnswered, LogLevel.Information, "{Method} {Path} was answered {Status} {Code}, trace {TraceId}")]
    private partial void LogProblem(string method, string? path, int status, string code, string traceId);

    [LoggerMessage(EventIds.ProblemAnswered, LogLevel.Debug, "{Method} {Path} was answered {Status} {Code}, trace {TraceId}")]
    private partial void LogProblemAmongMany(string method, string? path, int status, string code, string traceId);

    [LoggerMessage(EventIds.ProblemsLeftOut, LogLevel.Warning, "{Count} refusals within a second were not logged, as more than {Most} came; they are at level Debug")]
    private partial void LogLeftOut(int count, int most);
}

/// <summary>The problem that a request was answered with.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Its code.</param>
/// <param name="TraceId">The id that the caller was told.</param>
internal sealed record AnsweredProblem(int Status, string Code, string TraceId)
{
    /// <summary>The trace id of a request.</summary>
    public static string TraceOf(HttpContext http) => System.Diagnostics.Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
}
