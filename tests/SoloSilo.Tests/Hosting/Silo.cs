using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Orleans;
using Orleans.Solo;

namespace EmergencyStop.SoloSilo.Tests.Hosting;

/// <summary>A silo of this assembly's grains with a clock that the test moves.</summary>
internal sealed class Silo : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostedService _hosted;

    private Silo(Action<SoloSiloOptions>? configure)
    {
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddMemoryGrainStorage()
            .AddSoloSilo(options =>
            {
                options.GrainAssemblies.Add(Assembly.GetExecutingAssembly());
                configure?.Invoke(options);
            })
            .BuildServiceProvider();
        _hosted = _services.GetServices<IHostedService>().Single();
    }

    public FakeTimeProvider Clock { get; } = new();

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public ISoloStatistics Statistics => _services.GetRequiredService<ISoloStatistics>();

    public static async Task<Silo> StartAsync(Action<SoloSiloOptions>? configure = null)
    {
        var silo = new Silo(configure);
        await silo._hosted.StartAsync(CancellationToken.None);
        return silo;
    }

    public Task StopAsync() => _hosted.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
