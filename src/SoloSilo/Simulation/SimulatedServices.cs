using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Solo.Simulation;

/// <summary>The services of one simulated process: objects by type, made by whoever sets it up. A history makes thousands of processes, and a container takes too long for that.</summary>
public sealed class SimulatedServices : IKeyedServiceProvider, IServiceScopeFactory, IServiceScope
{
    private readonly Dictionary<Type, object> _services = [];
    private readonly Dictionary<(Type Type, string Key), object> _keyed = [];

    /// <summary>No services but itself.</summary>
    public SimulatedServices()
    {
        Add<IServiceProvider>(this);
        Add<IServiceScopeFactory>(this);
    }

    /// <inheritdoc/>
    public IServiceProvider ServiceProvider => this;

    /// <summary>Adds a service.</summary>
    /// <returns>The same object, for whoever is made next.</returns>
    public T Add<T>(T service)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(service);
        _services[typeof(T)] = service;
        return service;
    }

    /// <summary>Adds a service with a key.</summary>
    public void Add<T>(string key, T service)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(service);
        _keyed[(typeof(T), key)] = service;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType) => _services.GetValueOrDefault(serviceType);

    /// <inheritdoc/>
    public object? GetKeyedService(Type serviceType, object? serviceKey) =>
        serviceKey is string key ? _keyed.GetValueOrDefault((serviceType, key)) : null;

    /// <inheritdoc/>
    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        GetKeyedService(serviceType, serviceKey) ?? throw new InvalidOperationException($"There is no service {serviceType} with the key {serviceKey}.");

    /// <inheritdoc/>
    public IServiceScope CreateScope() => this;

    /// <inheritdoc/>
    public void Dispose()
    {
        // The services go with the process, not with a scope.
    }
}
