using System.Net;
using EmergencyStop.Api.Console;
using EmergencyStop.Silo.Runtime;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Runtime;
using Orleans.Storage;

namespace EmergencyStop.Silo.Hosting;

/// <summary>The Orleans host: a silo on this machine, a silo of a cluster, or a client of one. The ledger stays the truth.</summary>
internal static class GrainHosting
{
    /// <summary>How the start-up line and <c>/status</c> name the host.</summary>
    public const string Name = "Orleans";

    /// <summary>A cluster has many processes on one ledger.</summary>
    public const bool IsAlone = false;

    private const string States = "grains";

    /// <summary>Why this host cannot do what the settings ask for, in a sentence; <c>null</c> when it can.</summary>
    public static string? WhyNot(ServiceRole role, IConfiguration configuration)
    {
        var options = ClusterOptions.Of(configuration);
        var isCluster = options.Membership == ClusterMembership.AdoNet;
        return !isCluster && role != ServiceRole.Service ? $"Role is {role}, and there is no cluster to belong to: set Cluster:Membership to AdoNet."
            : isCluster && ClusterDatabase.Of(configuration) is null ? "Cluster:Membership is AdoNet, and nothing says which database: set ConnectionStrings:Orleans, or ConnectionStrings:Ledger with Ledger at PostgreSql."
            : isCluster && !string.Equals(configuration["Ledger"], "PostgreSql", StringComparison.OrdinalIgnoreCase) ? "Cluster:Membership is AdoNet, and the ledger is a file, which is one machine's: set Ledger to PostgreSql and ConnectionStrings:Ledger."
            : isCluster && configuration["Venues:Alpaca:BaseUrl"] is null ? "Cluster:Membership is AdoNet, and each process would have a simulated venue of its own: name the venue with --venue-url."
            : isCluster && configuration["Callbacks:Secret"] is null && configuration["Callbacks:SecretFile"] is null ? "Cluster:Membership is AdoNet, and each process would have a secret of its own: set Callbacks:Secret or Callbacks:SecretFile, the same for all."
            : isCluster && role != ServiceRole.Gateway && options.SiloPort == 0 ? "Cluster:SiloPort is 0: in a cluster the others must know the port."
            : null;
    }

    /// <summary>Makes Orleans' own tables where they are missing.</summary>
    public static Task PrepareAsync(IConfiguration configuration, CancellationToken cancellationToken) =>
        ClusterOptions.Of(configuration).Membership == ClusterMembership.AdoNet
            ? ClusterSchema.CreateAsync(ClusterDatabase.Required(configuration), cancellationToken)
            : Task.CompletedTask;

    /// <summary>Adds the silo, or the client of the cluster. Grain state is a cache of the ledger and may live in memory.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="settings">This run's settings.</param>
    /// <param name="role">What this process does.</param>
    /// <param name="isBraking">Whether only stops are served, while there is no ledger: then nothing is joined.</param>
    public static void AddGrainHost(this WebApplicationBuilder builder, SiloSettings settings, ServiceRole role, bool isBraking)
    {
        var options = ClusterOptions.Of(builder.Configuration);
        if (options.Membership == ClusterMembership.AdoNet && isBraking)
        {
            builder.Services.AddSingleton(ClusterGrains.Unreachable);
        }
        else if (role == ServiceRole.Gateway)
        {
            builder.AddClusterClient(options);
            builder.Services.AddSingleton<DashboardIsThere>();
        }
        else
        {
            builder.Services.AddSingleton<DashboardIsThere>();
            builder.UseOrleans(silo =>
            {
                if (options.Membership == ClusterMembership.AdoNet)
                {
                    AddCluster(silo, options, ClusterDatabase.Required(builder.Configuration));
                }
                else
                {
                    AddLocalhost(silo, options);
                }

                silo.AddActivityPropagation();
                silo.AddIncomingGrainCallFilter<MeasuringCallFilter>();
                silo.AddDashboard();
                silo.Services.AddSingleton<IFatalErrorHandler, LastOrders>();

                // By default a grain is put where it is called from while that silo is not busier than others: one silo would sweep a whole SYSTEM stop.
                silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
            });
        }
    }

    /// <summary>Maps Orleans' own dashboard. It shows logs and whose grains there are, so a trader's session does not open it.</summary>
    public static void MapGrainDashboard(this WebApplication app)
    {
        if (app.Services.GetService<DashboardIsThere>() is not null)
        {
            app.MapOrleansDashboard(ConsolePaths.Dashboard).RequiresSessionThatReadsAll().ExcludeFromDescription();
        }
    }

    /// <summary>Two services on one machine need two pairs of ports; nobody outside needs either, as the API is in this process.</summary>
    private static void AddLocalhost(ISiloBuilder silo, ClusterOptions options)
    {
        var fallback = new ClusterOptions().SiloPort;
        silo.UseLocalhostClustering(options.SiloPort == 0 ? fallback : options.SiloPort, options.GatewayPort, serviceId: options.ServiceId, clusterId: options.ClusterId);
        if (options.SiloPort == 0)
        {
            silo.Configure<EndpointOptions>(endpoints => endpoints.SiloListeningEndpoint = new(IPAddress.Loopback, 0));
        }

        silo.AddMemoryGrainStorage(States);
    }

    private static void AddCluster(ISiloBuilder silo, ClusterOptions options, string database)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(c => (c.ClusterId, c.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.UseAdoNetClustering(c => (c.Invariant, c.ConnectionString) = (ClusterDatabase.Invariant, database));
        silo.AddAdoNetGrainStorage(States, s => s.Configure<IServiceProvider>((storage, provider) =>
        {
            (storage.Invariant, storage.ConnectionString) = (ClusterDatabase.Invariant, database);
            storage.GrainStorageSerializer = ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(provider); // As messages are: ids and aliases are frozen.
        }));
        silo.Configure<EndpointOptions>(endpoints =>
        {
            var address = options.AdvertisedAddress is { } named ? IPAddress.Parse(named) : endpoints.AdvertisedIPAddress;
            endpoints.AdvertisedIPAddress = address;
            (endpoints.SiloPort, endpoints.GatewayPort) = (options.SiloPort, options.GatewayPort);
            endpoints.SiloListeningEndpoint = address is null ? null : new(address, options.SiloPort);
            endpoints.GatewayListeningEndpoint = address is null || options.GatewayPort == 0 ? null : new(address, options.GatewayPort);
        });
        silo.Configure<ClusterMembershipOptions>(membership => ClusterTimes.Set(membership, options));
        silo.Configure<ConnectionOptions>(ClusterTimes.Set);
        if (options.HasTls)
        {
            silo.UseTls(tls => ClusterTls.Set(tls, options));
        }
    }

    /// <summary>Says that there is a dashboard to map: whatever braking serves has none.</summary>
    private sealed class DashboardIsThere;
}
