using EmergencyStop.Silo.Runtime;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace EmergencyStop.Silo.Hosting;

/// <summary>A gateway's way to the cluster. Closing a gate needs none: so the start does not wait for it, and a gateway without a cluster stops all the same.</summary>
internal static class ClusterClient
{
    /// <summary>Adds it.</summary>
    public static void AddClusterClient(this WebApplicationBuilder builder, ClusterOptions options)
    {
        var database = ClusterDatabase.Required(builder.Configuration);
        var before = builder.Services.Count;
        builder.UseOrleansClient(client =>
        {
            client.Configure<Orleans.Configuration.ClusterOptions>(c => (c.ClusterId, c.ServiceId) = (options.ClusterId, options.ServiceId));
            client.UseAdoNetClustering(c => (c.Invariant, c.ConnectionString) = (ClusterDatabase.Invariant, database));
            client.Configure<GatewayOptions>(g => g.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.Configure<ConnectionOptions>(ClusterTimes.Set);
            client.Services.AddSingleton<IClientConnectionRetryFilter, AlwaysAgain>();
            client.AddActivityPropagation();
            client.AddDashboard();
            if (options.HasTls)
            {
                client.UseTls(tls => ClusterTls.Set(tls, options));
            }
        });

        var starts = builder.Services.Skip(before).Where(s => s.ServiceType == typeof(IHostedService)).ToArray();
        foreach (var start in starts)
        {
            builder.Services.Remove(start);
        }

        builder.Services.AddSingleton(provider => new ClusterLink(
            [.. starts.Select(s => (IHostedService)Make(s, provider))], provider.GetRequiredService<ILogger<ClusterLink>>()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ClusterLink>());
        builder.Services.AddSingleton(provider => ClusterGrains.Through(
            provider.GetRequiredService<ClusterLink>(), provider.GetRequiredService<IClusterClient>()));
    }

    private static object Make(ServiceDescriptor service, IServiceProvider provider) =>
        service.ImplementationInstance ?? service.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!); // One of the three is there.

    /// <summary>Whatever keeps the cluster away, it may come back.</summary>
    private sealed class AlwaysAgain : IClientConnectionRetryFilter
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            await Task.Delay(Every, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return !cancellationToken.IsCancellationRequested;
        }
    }
}
