using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests;

/// <summary>A SYSTEM stop with one user's account stuck, in real processes and on the command line.</summary>
public sealed class DegreesTests
{
    [Fact]
    public async Task ReleaseDespiteOutstanding_KeepsTheDebtorStopped_OverAKill_AndChasesTheDebtToItsEnd()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        var engineKey = await ServiceClient.MakeKeyAsync(data.Path, "engine");
        var officerKey = await ServiceClient.MakeKeyAsync(data.Path, "risk_officer");
        var keyFile = Path.Combine(data.Path, "officer.key");
        await File.WriteAllTextAsync(keyFile, officerKey);
        var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        try
        {
            string stop;
            using (var engine = ServiceClient.Of(service, engineKey))
            {
                await PlaceAsync(engine, "alice", HttpStatusCode.Created);
                await PlaceAsync(engine, "bob", HttpStatusCode.Created);
                await venue.SetFaultsAsync(new { down_accounts = new[] { "alice" } });
                var (code, output, error) = await RunAsync(service, keyFile, "stop", "system", "--yes", "--no-pause", "--reason", "drill", "--json");
                Assert.True(code == 3, output + error);
                stop = JsonNode.Parse(output)!["stop_id"]!.GetValue<string>();

                (code, output, error) = await RunAsync(service, keyFile, "obligations", "--stop", stop, "--json");
                Assert.True(code == 0, output + error);
                var debts = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToArray();
                Assert.NotEmpty(debts);
                Assert.All(debts, d => Assert.Equal("alice", d["user_id"]!.GetValue<string>()));

                (code, output, error) = await RunAsync(service, keyFile, "release", stop, "--reason", "bob is clean", "--despite-outstanding");
                Assert.True(code == 3, output + error);
                Assert.Contains("USER:alice", output, StringComparison.Ordinal);
                await PlaceAsync(engine, "bob", HttpStatusCode.Created);
                await PlaceAsync(engine, "alice", HttpStatusCode.Locked);
            }

            await service.KillAsync();
            await service.DisposeAsync();
            service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
            using var engineAgain = ServiceClient.Of(service, engineKey);
            using var officer = ServiceClient.Of(service, officerKey);
            await PlaceAsync(engineAgain, "alice", HttpStatusCode.Locked);
            await PlaceAsync(engineAgain, "bob", HttpStatusCode.Created);
            Assert.Single(await venue.OpenOrdersAsync("alice"));

            await venue.SetFaultsAsync(new { down_accounts = Array.Empty<string>() });
            await officer.UntilAsync($"emergency-stop/stops/{stop}", s => s["state"]?.GetValue<string>() == "completed");
            Assert.Empty(await venue.OpenOrdersAsync("alice"));
            Assert.Equal(2, (await venue.OpenOrdersAsync("bob")).Length);
            await PlaceAsync(engineAgain, "alice", HttpStatusCode.Locked);
            var (released, last, trouble) = await RunAsync(service, keyFile, "release", stop, "--reason", "all met");
            Assert.True(released == 0, last + trouble);
            await PlaceAsync(engineAgain, "alice", HttpStatusCode.Created);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task WaiveExceptAndEscalate_ByCommand()
    {
        using var data = new TempFolder();
        await using var venue = await Simulator.StartAsync();
        await using var service = await ServiceProcess.StartSiloAsync(data.Path, venue.Url);
        var keyFile = Path.Combine(data.Path, "officer.key");
        await File.WriteAllTextAsync(keyFile, await ServiceClient.MakeKeyAsync(data.Path, "risk_officer"));
        using var engine = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(data.Path, "engine"));
        await PlaceAsync(engine, "alice", HttpStatusCode.Created);
        var (code, output, error) = await RunAsync(service, keyFile, "stop", "symbol", "AAPL", "--no-pause", "--reason", "drill", "--json");
        Assert.True(code == 0, output + error);
        var stop = JsonNode.Parse(output)!["stop_id"]!.GetValue<string>();

        (code, output, error) = await RunAsync(service, keyFile, "except", stop, "USER:alice", "--reason", "hedge");
        Assert.True(code == 0, output + error);
        Assert.Contains("carved out: USER:alice", output, StringComparison.Ordinal);
        await PlaceAsync(engine, "alice", HttpStatusCode.Created);
        await PlaceAsync(engine, "bob", HttpStatusCode.Locked);
        (code, output, error) = await RunAsync(service, keyFile, "except", stop, "USER:alice", "--reason", "enough", "--remove");
        Assert.True(code == 0, output + error);
        await PlaceAsync(engine, "alice", HttpStatusCode.Locked);

        (code, output, error) = await RunAsync(service, keyFile, "escalate", stop, "--reason", "flat, please");
        Assert.True(code == 0, output + error);
        (code, _, error) = await RunAsync(service, keyFile, "waive", stop, "order", "none", "--reason", "gone");
        Assert.True(code == 1, error);
        Assert.Contains("no_such_obligation", error, StringComparison.Ordinal);
    }

    private static async Task PlaceAsync(ServiceClient engine, string user, HttpStatusCode expected)
    {
        var (status, body) = await engine.PlaceAsync(user);
        Assert.True(status == expected, $"{user}: {status}: {body.ToJsonString()}");
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(ServiceProcess service, string keyFile, params string[] command) =>
        ServiceProcess.RunAsync("Silo", [.. command, "--url", service.Url.ToString(), "--key-file", keyFile]);
}
