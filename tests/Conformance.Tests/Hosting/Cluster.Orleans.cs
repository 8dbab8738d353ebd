using EmergencyStop.Conformance.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace EmergencyStop.Conformance.Tests.Hosting;

public sealed partial class Cluster
{
    private InProcessTestCluster? _cluster;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage(Store);
            silo.Services.AddSingleton<Greeting>();
            silo.Services.Configure<GrainCollectionOptions>(options => options.CollectionQuantum = CollectionQuantum);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        Grains = _cluster.Client;
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
        }
    }
}
