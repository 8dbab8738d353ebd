using EmergencyStop.Grains.Stopping;
using EmergencyStop.Stopping;
using Microsoft.Extensions.Hosting;
using Orleans.Solo;

namespace EmergencyStop.Grains.Tests;

internal sealed partial class World
{
    private static partial void AddGrainHost(HostApplicationBuilder builder)
    {
        builder.Services.AddSoloSilo(options =>
        {
            options.GrainAssemblies.Add(typeof(IEmergencyStopSystem).Assembly);
            options.GrainAssemblies.Add(typeof(EmergencyStopSystem).Assembly);
        });
        builder.Services.AddMemoryGrainStorage("grains");
    }
}
