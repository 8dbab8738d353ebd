using System.Net;
using System.Text.Json.Nodes;

namespace EmergencyStop.Silo.Tests;

/// <summary>Accounts on the command line, and the service that runs on them.</summary>
[Trait("Host", "Any")]
public sealed class AccountsCommandTests : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private Simulator _venue = null!; // Set in InitializeAsync, which xunit calls first.
    private string _secret = string.Empty;

    public async Task InitializeAsync()
    {
        _venue = await Simulator.StartAsync();
        _secret = Path.Combine(_data.Path, "alice.secret");
        await File.WriteAllTextAsync(_secret, "a-secret-nobody-may-see\n");
    }

    public async Task DisposeAsync()
    {
        await _venue.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Add_KeepsNoSecret_ListAndVerifySayHowItIs()
    {
        var (code, output, error) = await RunAsync("add", "alice", "--url", _venue.Url.ToString(), "--secret-file", _secret);
        Assert.True(code == 0, output + error);
        var file = await File.ReadAllTextAsync(Path.Combine(_data.Path, "accounts.json"));
        Assert.DoesNotContain("a-secret-nobody-may-see", file, StringComparison.Ordinal);
        (code, output, _) = await RunAsync("list", "--json");
        Assert.Equal((0, "trade"), (code, JsonNode.Parse(output)![0]!["mode"]!.GetValue<string>()));
        Assert.DoesNotContain("a-secret-nobody-may-see", output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync("verify", "alice");
        Assert.True(code == 0 && output.StartsWith("ok", StringComparison.Ordinal), output);

        await File.WriteAllTextAsync(_secret, "wrong");
        (code, output, _) = await RunAsync("verify", "alice");
        Assert.True(code == 1 && output.Contains("refuses the key", StringComparison.Ordinal), output);
        await _venue.SetFaultsAsync(new { silent = true });
        await File.WriteAllTextAsync(_secret, "right");
        (code, output, _) = await RunAsync("verify");
        Assert.True(code == 1 && output.Contains("does not answer in time", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task Verify_OfAVenueThatIsNotThere_SaysSo()
    {
        await RunAsync("add", "alice", "--url", "http://127.0.0.1:9");
        var (code, output, error) = await RunAsync("verify", "alice");
        Assert.Equal(1, code);
        Assert.True(output.Contains("cannot be reached", StringComparison.Ordinal), output + error);
    }

    [Fact]
    public async Task Add_RefusesOneAccountForTwo_AnotherVenue_AndASecretThatIsNotThere_EachInOneSentence()
    {
        await RunAsync("add", "alice", "--url", _venue.Url.ToString(), "--account", "desk");
        string[][] refused =
        [
            ["add", "bob", "--url", _venue.Url.ToString(), "--account", "desk"],
            ["add", "bob", "--url", "https://paper-api.alpaca.markets"],
            ["add", "bob", "--url", _venue.Url.ToString(), "--secret-env", "NOBODY_HAS_SET_THIS"],
            ["add", "bob", "--url", _venue.Url.ToString(), "--secret-file", _secret, "--secret-env", "PATH"],
        ];
        foreach (var arguments in refused)
        {
            var (code, _, error) = await RunAsync(arguments);
            Assert.Equal(2, code);
            Assert.Single(error.Trim().Split('\n'));
        }

        Assert.Single(JsonNode.Parse((await RunAsync("list", "--json")).Output)!.AsArray());
    }

    [Fact]
    public async Task WatchedAccount_TakesNoOrders_AndIsEmptiedByAStop()
    {
        var (code, output, error) = await RunAsync("add", "alice", "--url", _venue.Url.ToString(), "--mode", "watch", "--prefix", "grid_=grid");
        Assert.True(code == 0, output + error);
        await using var service = await ServiceProcess.StartSiloAsync(_data.Path); // The venue's URL comes from the accounts.
        using var officer = ServiceClient.Of(service, await ServiceClient.MakeKeyAsync(_data.Path, "admin"));
        var (status, problem) = await officer.PlaceAsync("alice");
        Assert.Equal((HttpStatusCode.Conflict, "account_watched"), (status, problem["code"]!.GetValue<string>()));

        await _venue.PlacePastAsync("alice", "grid_1");
        await _venue.PlacePastAsync("alice", "by-hand");
        var (_, preview) = await officer.PostAsync("emergency-stop/preview", new { scope = "SYSTEM", reason = "drill" });
        Assert.Contains("may trade before", preview.ToJsonString(), StringComparison.Ordinal);
        var (_, first) = await officer.PostAsync("emergency-stop/strategy/grid/stop?wait_ms=20000");
        Assert.Equal(("completed", 1), (first["state"]!.GetValue<string>(), first["orders_cancelled"]!.GetValue<int>()));
        Assert.Equal(2, first["warnings"]!.AsArray().Count);
        Assert.Equal("by-hand", Assert.Single(await _venue.OpenOrdersAsync())["client_order_id"]!.GetValue<string>());

        var (_, second) = await officer.PostAsync("emergency-stop/system/stop?wait_ms=20000");
        Assert.Equal("completed", second["state"]!.GetValue<string>());
        Assert.Empty(await _venue.OpenOrdersAsync());
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        ServiceProcess.RunAsync("Silo", ["accounts", .. arguments, "--data", _data.Path]);
}
