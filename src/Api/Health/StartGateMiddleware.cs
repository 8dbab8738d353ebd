using EmergencyStop.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Health;

/// <summary>Answers 503 to everything but the health checks until the service has started.</summary>
internal sealed class StartGateMiddleware(RequestDelegate next, StartGate gate)
{
    /// <summary>Runs the request, or refuses it.</summary>
    public Task InvokeAsync(HttpContext http) =>
        gate.IsOpen || http.Request.Path.StartsWithSegments(HealthEndpoints.Base, StringComparison.OrdinalIgnoreCase) ? next(http) : Problems.Starting.ExecuteAsync(http);
}
