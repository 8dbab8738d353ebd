using System.Security.Cryptography;
using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Silo.Tests;

namespace EmergencyStop.Console.Tests.Browsing;

/// <summary>The real service, the simulated venue and keys for everybody; one of each for all tests, as each test has users of its own.</summary>
public sealed class RunningService : IAsyncLifetime
{
    private static readonly string[] Traders = ["alice", "bob", "carol", "dave", "erin", "frank"];

    private readonly TempFolder _data = new();
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    /// <summary>The venue, with its faults.</summary>
    public Simulator Venue { get; private set; } = null!; // Set in InitializeAsync, which xunit calls first.

    /// <summary>The service.</summary>
    public ServiceProcess Process { get; private set; } = null!;

    /// <summary>Who places orders.</summary>
    public ServiceClient Engine { get; private set; } = null!;

    /// <summary>Who may do everything but that.</summary>
    public ServiceClient Officer { get; private set; } = null!;

    /// <summary>The folder of the ledger.</summary>
    public string Data => _data.Path;

    /// <summary>The key of a trader, or of <c>officer</c>, <c>viewer</c> or <c>engine</c>.</summary>
    public string KeyOf(string who) => _keys[who];

    public async Task InitializeAsync()
    {
        await using (var ledger = await SqliteLedger.OpenAsync(new SqliteLedgerOptions { Path = Path.Combine(Data, "ledger.db") }, TimeProvider.System))
        {
            foreach (var trader in Traders)
            {
                _keys[trader] = await AddKeyAsync(ledger, Role.Trader, trader);
            }

            _keys["officer"] = await AddKeyAsync(ledger, Role.RiskOfficer, null);
            _keys["viewer"] = await AddKeyAsync(ledger, Role.Viewer, null);
            _keys["engine"] = await AddKeyAsync(ledger, Role.Engine, null);
        }

        Venue = await Simulator.StartAsync();
        Process = await ServiceProcess.StartSiloAsync(Data, Venue.Url);
        Engine = ServiceClient.Of(Process, KeyOf("engine"));
        Officer = ServiceClient.Of(Process, KeyOf("officer"));
    }

    public async Task DisposeAsync()
    {
        Engine.Dispose();
        Officer.Dispose();
        await Process.DisposeAsync();
        await Venue.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Gives a user a strategy with resting orders and a position.</summary>
    public async Task GiveBookAsync(string user, int orders = 3)
    {
        for (var i = 0; i < orders; i++)
        {
            var (status, body) = await Engine.PlaceAsync(user, $"{user}-maker", i % 2 == 0 ? "AAPL" : "MSFT");
            Assert.True(status == System.Net.HttpStatusCode.Created, body.ToJsonString());
        }

        await Engine.PostAsync("orders", new { user_id = user, strategy_id = $"{user}-trend", symbol = "BTC-USD", side = "buy", quantity = 2, type = "market" });
    }

    private static async Task<string> AddKeyAsync(SqliteLedger ledger, Role role, string? user)
    {
        using var random = RandomNumberGenerator.Create();
        var (key, hash) = ApiKeyFactory.Make(random);
        var name = user ?? $"the {role}";
        await ledger.AddKeyAsync(new($"k-{role}-{user}", name, role, user is null ? null : UserId.Parse(user), TimeProvider.System.GetUtcNow(), null), hash, CancellationToken.None);
        return key;
    }
}

/// <summary>One browser and one service for every class of tests here, which therefore run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<Chromium>, ICollectionFixture<RunningService>
{
    public const string Name = "console";
}
