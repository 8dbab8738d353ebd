using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests;

/// <summary>A stop that cannot end yet, on the command line.</summary>
[Trait("Host", "Any")]
public sealed class OutstandingCommandTests
{
    [Fact]
    public async Task Stop_AtAVenueThatIsDown_ExitsWith3Or4_AndItsReleaseIsRefusedWith5()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        await using var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        var key = Path.Combine(data.Path, "officer.key");
        await File.WriteAllTextAsync(key, await ServiceClient.MakeKeyAsync(data.Path, "risk_officer"));
        using (var engine = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "engine")))
        {
            await engine.PlaceAsync("alice");
        }

        await venue.SetFaultsAsync(new { down = true });
        string[] where = ["--url", service.Url.ToString(), "--key-file", key];
        var (code, output, _) = await ServiceProcess.RunAsync(
            "Silo", ["stop", "symbol", "AAPL", "--reason", "drill", "--wait", "0", "--json", .. where]);
        Assert.Equal(4, code);
        var stop = JsonNode.Parse(output)!["stop_id"]!.GetValue<string>();
        (code, output, _) = await ServiceProcess.RunAsync("Silo", ["watch", stop, .. where]);
        Assert.Equal(3, code);
        Assert.Contains("outstanding", output, StringComparison.Ordinal);
        (code, _, var error) = await ServiceProcess.RunAsync("Silo", ["release", stop, "--reason", "too early", .. where]);
        Assert.Equal(5, code);
        Assert.Contains("obligations_open", error, StringComparison.Ordinal);
    }
}
