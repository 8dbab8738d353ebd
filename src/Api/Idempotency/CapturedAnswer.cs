using System.Text;
using EmergencyStop.Ledger.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EmergencyStop.Api.Idempotency;

/// <summary>An answer written into memory first, so that it can be remembered, and then sent.</summary>
/// <param name="answer">The answer.</param>
/// <param name="repeated">Whether it was given before; a header says so.</param>
internal sealed class CapturedAnswer(RememberedAnswer answer, bool repeated) : IResult
{
    /// <summary>The header that marks a repeated answer.</summary>
    public const string RepeatedHeader = "Idempotent-Replayed";

    /// <summary>Whether an answer is one to give again: never a failure, nor what another key or a later time would change.</summary>
    public static bool IsWorthRemembering(int status) => status switch
    {
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests => false,
        _ => status is >= 200 and < 500,
    };

    /// <summary>Runs a result into memory.</summary>
    public static async Task<RememberedAnswer> CaptureAsync(IResult result, HttpContext http, string bodyHash)
    {
        var response = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var memory = new MemoryStream();
        var captured = new StreamResponseBodyFeature(memory, response);
        http.Features.Set<IHttpResponseBodyFeature>(captured);
        try
        {
            await result.ExecuteAsync(http);
            await captured.Writer.FlushAsync(CancellationToken.None);
        }
        finally
        {
            http.Features.Set(response);
        }

        return new(bodyHash, http.Response.StatusCode, http.Response.ContentType ?? string.Empty, Encoding.UTF8.GetString(memory.ToArray()));
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var body = Encoding.UTF8.GetBytes(answer.Body);
        if (repeated)
        {
            httpContext.Response.Headers[RepeatedHeader] = "true";
        }

        httpContext.Response.StatusCode = answer.Status;
        httpContext.Response.ContentType = answer.ContentType;
        httpContext.Response.ContentLength = body.Length;
        return httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
