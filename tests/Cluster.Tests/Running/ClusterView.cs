using EmergencyStop.Silo.Hosting;
using EmergencyStop.Stopping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace EmergencyStop.Cluster.Tests.Running;

/// <summary>Looks into the cluster as Orleans sees it: which silos are in it, and where a grain is.</summary>
internal sealed class ClusterView : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IClusterClient _client;

    private ClusterView(IHost host) => (_host, _client) = (host, host.Services.GetRequiredService<IClusterClient>());

    /// <summary>Connects, as a gateway with these settings would.</summary>
    public static async Task<ClusterView> ConnectAsync(string database, EmergencyStop.Silo.Hosting.ClusterOptions options)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.Configure<Orleans.Configuration.ClusterOptions>(c => (c.ClusterId, c.ServiceId) = ("emergency-stop", "emergency-stop"));
            client.UseAdoNetClustering(c => (c.Invariant, c.ConnectionString) = ("Npgsql", database));
            client.Configure<GatewayOptions>(g => g.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            if (options.HasTls)
            {
                client.UseTls(tls => ClusterTls.Set(tls, options));
            }
        });
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    /// <summary>The port of the silo on which a target's coordinator is; <c>null</c> when it is nowhere.</summary>
    public async Task<int?> CoordinatorPortAsync(StopTarget target) =>
        (await Management.GetActivationAddress(_client.GetGrain<IEmergencyStopCoordinatorGrain>(target.Value)))?.Endpoint.Port;

    /// <summary>The ports of the silos that are in the cluster.</summary>
    public async Task<int[]> ActiveAsync() =>
        [.. (await Management.GetHosts(onlyActive: true)).Keys.Select(s => s.Endpoint.Port).Order()];

    /// <summary>How many activations of a grain type each silo has.</summary>
    public async Task<Dictionary<int, int>> ActivationsAsync(string grain) =>
        (await Management.GetSimpleGrainStatistics()).Where(s => s.GrainType.Contains(grain, StringComparison.Ordinal))
            .GroupBy(s => s.SiloAddress.Endpoint.Port).ToDictionary(g => g.Key, g => g.Sum(s => s.ActivationCount));

    public async ValueTask DisposeAsync()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _host.StopAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            // The silos may be gone.
        }

        _host.Dispose();
    }

    private IManagementGrain Management => _client.GetGrain<IManagementGrain>(0);
}
