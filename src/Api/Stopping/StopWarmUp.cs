using System.Text.Json;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Stopping;

/// <summary>Runs a refused press through every stop call before the service opens, so that the first real one does not wait for the compiler.</summary>
/// <remarks>
/// The press in vain can stop nothing: its <c>wait_ms</c> is out of bounds, so it ends in the checks; and its caller is a
/// viewer, whom the stop system refuses.
/// </remarks>
internal sealed class StopWarmUp(IServiceScopeFactory scopes, EndpointDataSource endpoints, IOptions<JsonOptions> json, TimeProvider time)
    : IHostedLifecycleService
{
    private static readonly Caller Nobody = new("warm-up", "warm-up", Role.Viewer, null);
    private static readonly byte[] Refused = """{"wait_ms": -1, "reason": "warm-up"}"""u8.ToArray();

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<DeedRequirement>()?.Deed == Deed.Stop && endpoint.RequestDelegate is { } press)
            {
                await PressInVainAsync(endpoint, press);
            }
        }

        var result = new EmergencyStopResult(false, StopState.Working, string.Empty, StopId.Parse("warm-up"), 0, 0, 0, 0, 0, [], [], []);
        _ = JsonSerializer.Serialize(new StopResponse(result), json.Value.SerializerOptions);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PressInVainAsync(RouteEndpoint endpoint, RequestDelegate press)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var body = new MemoryStream(Refused);
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Method = HttpMethods.Post;
        http.Request.ContentType = "application/json";
        http.Request.Body = body;
        foreach (var part in endpoint.RoutePattern.Parameters)
        {
            http.Request.RouteValues[part.Name] = "warm-up";
        }

        http.SetEndpoint(endpoint);
        http.Features.Set(Nobody);
        http.Features.Set(new Arrival(time.GetUtcNow()));
        await press(http);
        if (http.Response.StatusCode != StatusCodes.Status400BadRequest)
        {
            throw new InvalidOperationException($"A press in vain of {endpoint.RoutePattern.RawText} was answered {http.Response.StatusCode}, not refused.");
        }
    }
}
