using EmergencyStop.Api.Access;
using EmergencyStop.Api.Console;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
using EmergencyStop.Api.Events;
using EmergencyStop.Api.Health;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Limits;
using EmergencyStop.Api.Orders;
using EmergencyStop.Api.Releasing;
using EmergencyStop.Api.Risk;
using EmergencyStop.Api.Runtime;
using EmergencyStop.Api.Status;
using EmergencyStop.Api.Stopping;
using EmergencyStop.Api.Strategies;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Access;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Stopping;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api;

/// <summary>The REST API and the pages, to be put into a host.</summary>
/// <remarks>
/// The host brings <see cref="ILedger"/>, <c>IEmergencyStopSystem</c>, <c>IStopBrake</c>, <c>IHeartbeats</c>, the grain factory, <c>IVenueStatusSource</c> and
/// <see cref="ServiceHost"/>, and opens <see cref="StartGate"/> once it has read the latches.
/// </remarks>
public static class EmergencyStopApi
{
    /// <summary>Registers the API.</summary>
    public static IServiceCollection AddEmergencyStopApi(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<ApiOptions>().Bind(configuration.GetSection(ApiOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ApiOptions>>((kestrel, api) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = api.Value.MaxBodyBytes;
        });
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.TryAddSingleton(TimeProvider.System);
        AddLedgerParts(services);
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection(RateLimitOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsValidator>();
        services.AddSingleton<RateLimits>();
        services.AddOptions<RulesFileOptions>().Bind(configuration.GetSection(RulesFileOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RulesFileOptions>, RulesFileOptionsValidator>();
        services.AddSingleton<RulesFileStatus>();
        services.AddHostedService<RulesFile>();
        services.AddSingleton<ProblemLog>();
        services.TryAddSingleton<LedgerMirror>();
        services.AddSingleton<StartGate>();
        services.AddSingleton<InFlightRequests>();
        services.AddSingleton<StopDesk>();
        services.AddSingleton<StopProgress>();
        services.AddSingleton<OrderEventStreams>();
        services.AddSingleton<EventStreams>();
        services.TryAddSingleton<IStopWarnings, NoStopWarnings>();
        services.AddHostedService<StopWarmUp>();
        return services.AddAccess().AddApiDocument().AddConsole(configuration);
    }

    /// <summary>Maps the API: the layers around it, then every call.</summary>
    public static WebApplication MapEmergencyStopApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<StartGateMiddleware>();
        app.UseRouting();
        app.UseMiddleware<RefusalAuditMiddleware>();
        app.UseAuthentication();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseAuthorization();
        app.MapHealth();
        app.MapApiDocument();

        var api = app.MapGroup(ApiPaths.Base);
        api.MapStopping();
        api.MapStopReads();
        api.MapReleasing();
        api.MapObligations();
        api.MapExcept();
        api.MapEscalate();
        api.MapOrders();
        api.MapEvents();
        api.MapStrategies();
        api.MapRiskRules();
        api.MapRiskUsers();
        api.MapHeartbeats();
        api.MapGate();
        api.MapStatus();
        api.MapRuntime();
        app.MapConsole();
        return app;
    }

    /// <summary>Maps the health checks alone, for a process that serves nothing else.</summary>
    public static WebApplication MapEmergencyStopHealth(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<ProblemMiddleware>();
        app.MapHealth();
        return app;
    }

    /// <summary>Parts ask for as much of the ledger as they use.</summary>
    private static void AddLedgerParts(IServiceCollection services)
    {
        services.TryAddSingleton<IKeyLedger>(s => s.GetRequiredService<ILedger>());
        services.TryAddSingleton<IAuditLedger>(s => s.GetRequiredService<ILedger>());
        services.TryAddSingleton<IIdempotencyLedger>(s => s.GetRequiredService<ILedger>());
    }
}
