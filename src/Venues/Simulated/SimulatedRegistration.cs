using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Simulated;

/// <summary>Registers the simulated market.</summary>
public static class SimulatedRegistration
{
    /// <summary>Adds the market, its faults and the way to it, with settings from the given section.</summary>
    public static IServiceCollection AddSimulatedMarket(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<SimulatedOptions>().Bind(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SimulatedOptions>, SimulatedOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<SimulatedOptions>>().Value);
        services.AddSingleton(provider => new SimulatedFaults(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SimulatedOptions>().Seed));
        services.AddSingleton<SimulatedMarket>();
        services.AddSingleton<SimulatedLink>();
        services.AddHostedService<MarketTicker>();
        return services;
    }
}

/// <summary>Checks the settings at start.</summary>
[OptionsValidator]
internal sealed partial class SimulatedOptionsValidator : IValidateOptions<SimulatedOptions>;
