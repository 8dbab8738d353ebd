using EmergencyStop.Cluster.Tests.Running;
using EmergencyStop.Silo.Tests;

namespace EmergencyStop.Cluster.Tests;

/// <summary>A process whose settings fit no cluster does not start, and says in one sentence what to set.</summary>
public sealed class RefusedStartTests
{
    private static readonly Dictionary<string, string> Whole = new(StringComparer.Ordinal)
    {
        ["Ledger"] = "PostgreSql",
        ["ConnectionStrings__Ledger"] = "Host=127.0.0.1;Port=1;Database=none;Username=nobody;Timeout=1",
        ["Cluster__Membership"] = "AdoNet",
        ["Venues__Alpaca__BaseUrl"] = "http://127.0.0.1:1",
        ["Callbacks__Secret"] = "a secret that all processes of the cluster share",
    };

    [Theory]
    [InlineData("Role", "gateway", "Cluster__Membership", "set Cluster:Membership to AdoNet")]
    [InlineData("Role", "both", "", "set it to Service, Silo or Gateway")]
    [InlineData("Ledger", "Sqlite", "", "set Ledger to PostgreSql")]
    [InlineData("Cluster__Membership", "Consul", "", "Cluster:Membership")]
    [InlineData("Cluster__SiloPort", "0", "", "the others must know the port")]
    [InlineData("Cluster__SiloPort", "70000", "", "SiloPort")]
    [InlineData("Cluster__AdvertisedAddress", "silo-0", "", "which is no IP address")]
    [InlineData("Cluster__TlsKeyFile", "none.key", "", "set all three")]
    [InlineData("Venues__Alpaca__BaseUrl", "", "Venues__Alpaca__BaseUrl", "--venue-url")]
    [InlineData("Callbacks__Secret", "", "Callbacks__Secret", "the same for all")]
    [InlineData("ConnectionStrings__Ledger", "", "ConnectionStrings__Ledger", "set ConnectionStrings:Orleans")]
    public async Task Start_WithSettingsOfNoCluster_IsRefused(string setting, string value, string without, string says)
    {
        using var folder = new TempFolder();
        var settings = Whole.Where(s => s.Key != without).ToDictionary(StringComparer.Ordinal);
        if (value.Length > 0)
        {
            settings[setting] = value;
        }

        var (code, output, error) = await ServiceProcess.RunWithAsync(settings, "Silo", "--data", folder.Path);
        Assert.True(code == 2, $"{code}: {output}{error}");
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
