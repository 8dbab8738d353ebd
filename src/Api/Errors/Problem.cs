using System.Globalization;
using System.Text.Json;
using EmergencyStop.Access;
using EmergencyStop.Api.Console;
using EmergencyStop.Api.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EmergencyStop.Api.Errors;

/// <summary>An answer that says no: RFC 9457 problem details with a stable code.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">For programs; never changes.</param>
/// <param name="Title">What kind of problem it is, for people; the same for every problem of this code.</param>
/// <param name="Detail">What happened here and what to do.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail) : IResult
{
    /// <summary>The media type of every problem.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Members beside the standard ones.</summary>
    public IReadOnlyList<(string Name, object? Value)> More { get; init; } = [];

    /// <summary>When to try again, at a 429 or 503.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The same with one member more.</summary>
    public Problem With(string name, object? value) => this with { More = [.. More, (name, value)] };

    /// <summary>The members, in the order in which they are written.</summary>
    public Dictionary<string, object?> Members()
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = $"urn:emergency-stop:problem:{Code}",
            ["title"] = Title,
            ["status"] = Status,
            ["detail"] = Detail,
            ["code"] = Code,
        };
        foreach (var (name, value) in More)
        {
            members[name] = value;
        }

        return members;
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var members = Members();
        var traceId = AnsweredProblem.TraceOf(httpContext);
        members["trace_id"] = traceId;
        httpContext.Features.Set(new AnsweredProblem(Status, Code, traceId));
        if (Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (httpContext.Request.ContentLength > httpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            httpContext.Response.Headers.Connection = "close"; // The server will not read such a body to its end.
        }

        return ConsolePaths.IsForPeople(httpContext.Request)
            ? ConsolePage.OfProblem(this, traceId, httpContext.Features.Get<Caller>()).ExecuteAsync(httpContext)
            : WriteAsync(httpContext, members);
    }

    private Task WriteAsync(HttpContext httpContext, Dictionary<string, object?> members)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(members, ApiJson.Options);
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = ContentType;
        httpContext.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
