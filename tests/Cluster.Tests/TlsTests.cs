using System.Net;
using System.Net.Sockets;
using EmergencyStop.Cluster.Tests.Running;
using EmergencyStop.Silo.Tests;

namespace EmergencyStop.Cluster.Tests;

/// <summary>The silos' ports with TLS: whoever has no certificate of the cluster's authority gets in nowhere.</summary>
[Collection(SharedCluster.Name)]
public sealed class TlsTests(SharedCluster shared) : IDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(5);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task WithTls_GatewaysOfTheAuthorityGetIn_AndStrangersDoNot()
    {
        var world = await shared.WholeAsync(); // Three silos and two gateways have found each other.
        var foreign = new ClusterCertificates(_folder.Path).Make("foreign");
        using var engine = world.Engine();
        Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("tls", "tls-s")).Status);

        await NeverReachesAsync(world, "plain", world.Settings(null).Where(s => !s.Key.StartsWith("Cluster__Tls", StringComparison.Ordinal)));
        await NeverReachesAsync(world, "foreign", world.Settings(null).Where(s => !foreign.ContainsKey(s.Key)).Concat(foreign));

        using var stranger = new TcpClient();
        await stranger.ConnectAsync(IPAddress.Loopback, world.GatewayPortOf(0));
        await stranger.GetStream().WriteAsync(new byte[64]);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Assert.True(await ReadsNothingAsync(stranger.GetStream(), bound.Token));
        Assert.Equal(HttpStatusCode.Created, (await engine.PlaceAsync("tls", "tls-s")).Status);
    }

    /// <summary>A gateway that cannot reach the cluster starts all the same, stops, and takes no orders.</summary>
    private static async Task NeverReachesAsync(ClusterWorld world, string name, IEnumerable<KeyValuePair<string, string>> settings)
    {
        await using var gateway = await ServiceProcess.StartWithAsync(
            world.Data(name), settings.ToDictionary(StringComparer.Ordinal), "--role", "gateway", "--venue-url", world.Venue.Url.ToString());
        await Task.Delay(LongEnough);
        Assert.DoesNotContain("The cluster is reached", gateway.Output, StringComparison.Ordinal);
        using var engine = ServiceClient.Of(gateway, world.EngineKey);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await engine.PlaceAsync("tls", "tls-s")).Status);
        using var officer = ServiceClient.Of(gateway, world.OfficerKey);
        var (status, stop) = await officer.PostAsync("emergency-stop/execute?wait_ms=0", new { reason = name, scope = "USER", user_id = $"user-{name}" });
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Accepted, stop.ToJsonString());
        await officer.UntilAsync($"emergency-stop/stops/{stop["stop_id"]}", s => s["state"]?.GetValue<string>() == "completed"); // The silos find it in the ledger.
    }

    private static async Task<bool> ReadsNothingAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        try
        {
            var heard = new byte[1024];
            int read;
            var total = 0;
            while ((read = await stream.ReadAsync(heard, cancellationToken)) > 0)
            {
                total += read;
            }

            return total < heard.Length; // An alert of TLS at most.
        }
        catch (IOException)
        {
            return true; // Hung up on.
        }
    }
}
