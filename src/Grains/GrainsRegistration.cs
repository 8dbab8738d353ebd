using EmergencyStop.Braking;
using EmergencyStop.Events;
using EmergencyStop.Grains.Braking;
using EmergencyStop.Grains.Events;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Grains.Risk;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Grains.Strategies;
using EmergencyStop.Grains.Watching;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Releasing;
using EmergencyStop.Risk;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Grains;

/// <summary>Registers what the grains need beside ledger and venues.</summary>
public static class GrainsRegistration
{
    /// <summary>Adds the stop's parts and the background readers. Sections <c>Orders</c>, <c>Stopping</c>, <c>Braking</c> and others hold the settings.</summary>
    public static IServiceCollection AddEmergencyStopGrains(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OrderOptions>().Bind(configuration.GetSection("Orders")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<StoppingOptions>().Bind(configuration.GetSection("Stopping")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OrderEventOptions>().Bind(configuration.GetSection("OrderEvents")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<EventOptions>().Bind(configuration.GetSection("Events")).ValidateDataAnnotations()
            .Validate(static o => o.Lease > o.HandlerTimeout * 2, "Events:Lease must be more than twice Events:HandlerTimeout.").ValidateOnStart();
        services.AddOptions<NoticeOptions>().Bind(configuration.GetSection("Notices")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BrakeOptions>().Bind(configuration.GetSection("Braking")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WatchingOptions>().Bind(configuration.GetSection("Watching")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RiskOptions>().Bind(configuration.GetSection("Risk")).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<NoticeDesk>();
        services.TryAddSingleton<IIdSource, RandomIds>();
        services.AddBraking();
        services.AddRisk();
        services.AddSingleton<WatchedUsers>();
        services.AddSingleton<IStopWarnings, StopWarnings>();
        services.AddSingleton<AccountPatience>();
        services.AddSingleton<SliceSweeper>();
        services.AddSingleton<StopFlow>();
        services.AddSingleton<IEmergencyStopSystem, EmergencyStopSystem>();
        services.AddSingleton<IStopDegrees, StopDegrees>();
        services.AddSingleton<EmergencyStopHandler>();
        services.AddSingleton<IEventBus, EventBus>();
        services.AddSingleton<IBookAccounts, BookAccounts>();
        return services;
    }

    private static void AddRisk(this IServiceCollection services)
    {
        services.AddSingleton<RiskRules>();
        services.AddSingleton<RiskStops>();
        services.AddSingleton<RiskAnnouncements>();
        services.AddSingleton<RiskActing>();
        services.AddSingleton<HeartbeatDesk>();
        services.AddSingleton<IHeartbeats>(static p => p.GetRequiredService<HeartbeatDesk>());
    }

    /// <summary>Adds the brake. The host brings the <see cref="StopSpool"/> and the mirror's file; without them stops that brake live in memory.</summary>
    private static void AddBraking(this IServiceCollection services)
    {
        services.TryAddSingleton<LedgerMirror>();
        services.AddSingleton<BrakeLatches>();
        services.AddSingleton<BrakeSight>();
        services.AddSingleton(static p => new StopBrake(
            p.GetRequiredService<BrakeLatches>(),
            p.GetService<StopSpool>(),
            p.GetRequiredService<BrakeSight>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<IOptions<BrakeOptions>>(),
            p.GetRequiredService<IOptions<StoppingOptions>>(),
            p.GetRequiredService<ILogger<StopBrake>>()));
        services.AddSingleton<IStopBrake>(static p => p.GetRequiredService<StopBrake>());
    }

    /// <summary>Adds the background readers of a process that takes stops and heartbeats, and hosts no grains.</summary>
    public static IServiceCollection AddEmergencyStopGatewayReaders(this IServiceCollection services)
    {
        services.AddHostedService<MirrorKeeper>();
        services.AddHostedService<StopReplay>(); // Before whatever else may send an order.
        services.AddHostedService<LedgerWatch>();
        services.AddHostedService<VenueHeartbeat>();
        services.AddHostedService(provider => provider.GetRequiredService<HeartbeatDesk>());
        return services;
    }

    /// <summary>Adds the background readers of a process that hosts grains.</summary>
    public static IServiceCollection AddEmergencyStopReaders(this IServiceCollection services)
    {
        services.AddEmergencyStopGatewayReaders();
        services.AddHostedService<VenueUpdatePump>();
        services.AddHostedService<StopRecovery>();
        services.AddHostedService<OrderRecovery>();
        services.AddHostedService<OrderEventPruning>();
        services.AddHostedService<EventDispatcher>();
        services.AddHostedService<EventPruning>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeDesk>());
        services.AddHostedService<StopWatcher>();
        services.AddHostedService<RiskReader>();
        services.AddHostedService<RiskOrderFeed>();
        return services;
    }
}
