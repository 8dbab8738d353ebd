using EmergencyStop.Conformance.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Solo;

namespace EmergencyStop.Conformance.Tests.Hosting;

public sealed partial class Cluster
{
    private readonly IHost _host = Host.CreateDefaultBuilder().ConfigureServices(services => services
        .AddSingleton<Greeting>()
        .AddMemoryGrainStorage(Store)
        .AddSoloSilo(options =>
        {
            options.GrainAssemblies.Add(typeof(Cluster).Assembly);
            options.CollectionQuantum = CollectionQuantum;
        })).Build();

    public async Task InitializeAsync()
    {
        await _host.StartAsync();
        Grains = _host.Services.GetRequiredService<IGrainFactory>();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
