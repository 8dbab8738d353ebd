using System.Net;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace EmergencyStop.Grains.Tests;

internal sealed partial class World
{
    // The silo's name in its own membership, which lives in its memory; where it listens the system chooses.
    private const int SiloPort = 11111;

    private static partial void AddGrainHost(HostApplicationBuilder builder) => builder.UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(SiloPort, gatewayPort: 0);
        silo.Configure<EndpointOptions>(endpoints => endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0));
        silo.AddMemoryGrainStorage("grains");
    });
}
