using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Solo;

/// <summary>How the one silo of this process runs its grains.</summary>
public sealed class SoloSiloOptions
{
    /// <summary>The assemblies whose grain classes and contracts are hosted.</summary>
    public ISet<Assembly> GrainAssemblies { get; } = new HashSet<Assembly>();
}

/// <summary>Registers the silo.</summary>
public static class SoloSiloServiceCollectionExtensions
{
    /// <summary>Adds a silo that runs grains in this process.</summary>
    public static IServiceCollection AddSoloSilo(this IServiceCollection services, Action<SoloSiloOptions> configure) => services;
}
