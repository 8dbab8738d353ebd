using System.Net;
using EmergencyStop.Api.Console;
using EmergencyStop.Silo.Runtime;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The Orleans host: a silo of its own on this machine; the ledger stays the truth.</summary>
internal static class GrainHosting
{
    /// <summary>How the start-up line and <c>/status</c> name the host.</summary>
    public const string Name = "Orleans";

    /// <summary>A cluster has many processes on one ledger.</summary>
    public const bool IsAlone = false;

    /// <summary>The silo's port where <c>Orleans:SiloPort</c> sets none.</summary>
    private const int DefaultSiloPort = 11111;

    /// <summary>The port for Orleans clients where <c>Orleans:GatewayPort</c> sets none.</summary>
    private const int DefaultGatewayPort = 30000;

    /// <summary>Adds the silo. Grain state is a cache of the ledger and may live in memory.</summary>
    /// <remarks>
    /// Two services on one machine need two pairs of ports. <c>Orleans:SiloPort</c> 0 listens on a port that the system
    /// chooses, <c>Orleans:GatewayPort</c> 0 lets no client in: nobody outside needs either, as the API is in this process.
    /// </remarks>
    public static void AddGrainHost(this WebApplicationBuilder builder, SiloSettings settings) => builder.UseOrleans(silo =>
    {
        var siloPort = builder.Configuration.GetValue("Orleans:SiloPort", DefaultSiloPort);
        silo.UseLocalhostClustering(
            siloPort == 0 ? DefaultSiloPort : siloPort, builder.Configuration.GetValue("Orleans:GatewayPort", DefaultGatewayPort));
        if (siloPort == 0)
        {
            silo.Configure<EndpointOptions>(endpoints => endpoints.SiloListeningEndpoint = new(IPAddress.Loopback, 0));
        }

        silo.AddMemoryGrainStorage("grains");
        silo.AddActivityPropagation();
        silo.AddIncomingGrainCallFilter<MeasuringCallFilter>();
        silo.AddDashboard();
    });

    /// <summary>Maps Orleans' own dashboard. It shows logs and whose grains there are, so a trader's session does not open it.</summary>
    public static void MapGrainDashboard(this WebApplication app) =>
        app.MapOrleansDashboard(ConsolePaths.Dashboard).RequiresSessionThatReadsAll().ExcludeFromDescription();
}
