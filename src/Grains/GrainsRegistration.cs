using EmergencyStop.Grains.Orders;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Grains.Strategies;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EmergencyStop.Grains;

/// <summary>Registers what the grains need beside ledger and venues.</summary>
public static class GrainsRegistration
{
    /// <summary>Adds the stop's parts and the background readers. Sections <c>Orders</c> and <c>Stopping</c> hold the settings.</summary>
    public static IServiceCollection AddEmergencyStopGrains(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OrderOptions>().Bind(configuration.GetSection("Orders")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<StoppingOptions>().Bind(configuration.GetSection("Stopping")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OrderEventOptions>().Bind(configuration.GetSection("OrderEvents")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<NoticeOptions>().Bind(configuration.GetSection("Notices")).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<NoticeDesk>();
        services.TryAddSingleton<IIdSource, RandomIds>();
        services.AddSingleton<SliceSweeper>();
        services.AddSingleton<StopFlow>();
        services.AddSingleton<IEmergencyStopSystem, EmergencyStopSystem>();
        return services;
    }

    /// <summary>Adds the background readers of a process that hosts grains.</summary>
    public static IServiceCollection AddEmergencyStopReaders(this IServiceCollection services)
    {
        services.AddHostedService<VenueUpdatePump>();
        services.AddHostedService<StopRecovery>();
        services.AddHostedService<OrderEventPruning>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeDesk>());
        return services;
    }
}
