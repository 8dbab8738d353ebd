namespace EmergencyStop.Silo.Tests.AlpacaClients;

/// <summary>The simulated venue, as a process of its own, is taken for Alpaca by Alpaca's own clients; only their base URL is changed.</summary>
[Trait("Host", "Any")]
public sealed class AlpacaClientTests(AlpacaPackages packages) : IClassFixture<AlpacaPackages>
{
    [SkippableTheory]
    [InlineData("classic.js")]
    [InlineData("current.js")]
    public async Task Client_PlacesListsFindsReplacesCancelsAndCloses_AsAtAlpaca(string script)
    {
        await using var simulator = await Simulator.StartAsync();
        var (code, output) = await packages.RunScriptAsync(script, simulator.Url, "joe");
        Assert.True(code == 0, output);
        Assert.Contains("done", output, StringComparison.Ordinal);
        Assert.Empty(await simulator.OpenOrdersAsync());
    }
}
