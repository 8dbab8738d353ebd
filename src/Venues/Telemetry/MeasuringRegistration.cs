using EmergencyStop.Venues.Strategies;
using Microsoft.Extensions.DependencyInjection;

namespace EmergencyStop.Venues.Telemetry;

/// <summary>Puts measuring around what was registered.</summary>
public static class MeasuringRegistration
{
    /// <summary>Measures the calls of the venue and of the strategy manager; called after both are registered.</summary>
    public static IServiceCollection AddVenueMeasures(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Wrap<IVenue>(services, static venue => new MeasuredVenue(venue));
        Wrap<IStrategyManager>(services, static manager => new MeasuredStrategies(manager));
        return services;
    }

    private static void Wrap<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var inner = services.Last(d => d.ServiceType == typeof(T));
        services.Remove(inner);
        services.AddSingleton(provider => wrap((T)(inner.ImplementationInstance
            ?? inner.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)))); // One of the three is there.
    }
}
