using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Solo;

/// <summary>Registers the silo.</summary>
public static class SoloSiloServiceCollectionExtensions
{
    /// <summary>Adds a silo that runs grains in this process; it starts and stops with the host.</summary>
    /// <exception cref="ContractException">When the silo starts, if a contract or grain class cannot be hosted.</exception>
    public static IServiceCollection AddSoloSilo(this IServiceCollection services, Action<SoloSiloOptions> configure)
    {
        services.AddOptions<SoloSiloOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SoloSiloOptions>, SoloSiloOptionsValidator>());
        services.AddLogging();
        services.TryAddSingleton<SoloRuntime>();
        services.TryAddSingleton<SoloGrainFactory>();
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<SoloGrainFactory>());
        services.TryAddSingleton<IClusterClient>(provider => provider.GetRequiredService<SoloGrainFactory>());
        services.TryAddSingleton<ISoloStatistics, SoloStatistics>();
        services.TryAddTransient(_ => RuntimeContext.Current
            ?? throw new InvalidOperationException("An IGrainContext is only to be had in a turn of a grain."));
        services.AddHostedService<SoloSiloHostedService>();
        return services;
    }

    /// <summary>Adds a store that keeps states in memory, and forgets them with the process.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">What [PersistentState] calls it; null means the default store.</param>
    public static IServiceCollection AddMemoryGrainStorage(this IServiceCollection services, string? name = null) =>
        services.AddGrainStorage(name, _ => new MemoryGrainStorage());

    /// <summary>Adds a store that keeps states in one SQLite file.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="path">The file; it is made if it is not there.</param>
    /// <param name="name">What [PersistentState] calls it; null means the default store.</param>
    public static IServiceCollection AddSqliteGrainStorage(this IServiceCollection services, string path, string? name = null) =>
        services.AddGrainStorage(name, _ => new SqliteGrainStorage(path));

    /// <summary>Adds a store.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">What [PersistentState] calls it; null means the default store.</param>
    /// <param name="create">Makes it, once.</param>
    public static IServiceCollection AddGrainStorage(this IServiceCollection services, string? name, Func<IServiceProvider, IGrainStorage> create) =>
        name is null
            ? services.AddSingleton(create)
            : services.AddKeyedSingleton(name, (provider, _) => create(provider));
}
