using System.Net;
using System.Net.Sockets;
using EmergencyStop.Console.Tests.Browsing;
using EmergencyStop.Silo.Tests;

namespace EmergencyStop.Console.Tests;

/// <summary>Law 10 on the page: with no ledger at all one signs in, is asked, and stops.</summary>
public sealed class NoLedgerTests : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private Simulator _venue = null!; // Set in InitializeAsync, which xunit calls first.
    private string _key = string.Empty;

    public async Task InitializeAsync()
    {
        _venue = await Simulator.StartAsync();
        _key = await ServiceClient.MakeKeyAsync(_data.Path, "trader", "alice");
        await using var service = await ServiceProcess.StartSiloAsync(_data.Path, _venue.Url);
        using var alice = ServiceClient.Of(service, _key);
        Assert.Equal(HttpStatusCode.Created, (await alice.PlaceAsync("alice")).Status);
        await Simulator.UntilAsync(async () => (await MirrorAsync()).Contains("s1", StringComparison.Ordinal)); // It knows her key, too.
        await service.TerminateAsync();
    }

    public async Task DisposeAsync()
    {
        await _venue.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Panic_WithoutAnyLedger_StopsAtTheVenue_AndThePagesSayWhatNobodyCanRead()
    {
        foreach (var file in Directory.GetFiles(_data.Path, "ledger.db*"))
        {
            File.Delete(file);
        }

        await File.WriteAllTextAsync(Path.Combine(_data.Path, "ledger.db"), "no ledger");
        await using var service = await ServiceProcess.StartBrakingAsync(_data.Path, FreePort(), _venue.Url);
        using var alice = await FormClient.SignInAsync(service.Url, _key);
        var overview = await alice.TextAsync("/");
        Assert.Contains("Nobody can say whether trading is stopped", overview, StringComparison.Ordinal);
        Assert.Contains("Which stops hold cannot be read now.", overview, StringComparison.Ordinal); // Never an empty list (F8).
        Assert.Contains("Stop my book", overview, StringComparison.Ordinal);

        var (token, press) = await alice.QuestionAsync("/stop?panic=true");
        using var answer = await alice.PostAsync("/stop", token, press);
        Assert.Contains("NOT RECORDED", await alice.TextAsync(answer.Headers.Location!.OriginalString), StringComparison.Ordinal);
        await Simulator.UntilAsync(async () => (await _venue.OpenOrdersAsync("alice")).Length == 0);

        var list = await alice.GetAsync("/orders");
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.Contains("cannot be read now", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<string> MirrorAsync()
    {
        var file = Path.Combine(_data.Path, "ledger.mirror");
        return File.Exists(file) ? await File.ReadAllTextAsync(file) : string.Empty;
    }

    private static Uri FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://{listener.LocalEndpoint}");
    }
}
