using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Orders;
using EmergencyStop.Silo.Hosting;
using EmergencyStop.Stopping;
using EmergencyStop.Venues.Simulated;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace EmergencyStop.Load;

/// <summary>The whole service in this process, over a ledger in a folder of its own, as the Silo puts it together.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private static readonly Caller Officer = new("k-load", "load", Role.RiskOfficer, null);

    private readonly WebApplication _app;
    private readonly string _folder;

    private Bench(WebApplication app, StoredLedger ledger, string folder) => (_app, Ledger, _folder) = (app, ledger, folder);

    /// <summary>The database that the ledger is in; <c>null</c> for a file.</summary>
    public static string? Database { get; set; }

    /// <summary>A floor that was set for the default ledger; a database has none here.</summary>
    public static double? FloorOfDefault(double floor) => Database is null ? floor : null;

    public StoredLedger Ledger { get; }

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    public SimulatedFaults Faults => _app.Services.GetRequiredService<SimulatedFaults>();

    public SimulatedMarket Market => _app.Services.GetRequiredService<SimulatedMarket>();

    public IEmergencyStopSystem Stops => _app.Services.GetRequiredService<IEmergencyStopSystem>();

    /// <summary>Starts on a new ledger.</summary>
    /// <param name="ledgerOnly">Whether the service over the ledger is put together but not started.</param>
    public static async Task<Bench> StartAsync(bool ledgerOnly = false)
    {
        // Beside the checkout, so that the disk is the one that the service would use.
        var folder = Directory.CreateDirectory(Path.Combine(Environment.CurrentDirectory, "artifacts", $"load-{Environment.ProcessId}-{Environment.TickCount64}")).FullName;
        var settings = new SiloSettings(folder, "http://127.0.0.1:0", null, Demo: false);
        StoredLedger ledger = Database is { } database
            ? await PostgreSqlLedger.OpenAsync(database, new(), alone: true, TimeProvider.System)
            : await SqliteLedger.OpenAsync(new SqliteLedgerOptions { Path = settings.LedgerFile }, TimeProvider.System);
        var app = SiloHost.Build(settings, ledger);
        if (!ledgerOnly)
        {
            await app.StartAsync();
        }

        return new(app, ledger, folder);
    }

    /// <summary>A plain file with the ledger's settings: what one durable commit costs on this disk.</summary>
    public SqliteConnection OpenBare()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "bare.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS row(id INTEGER PRIMARY KEY, text TEXT);";
        command.ExecuteNonQuery();
        return connection;
    }

    public static OrderTerms Resting(string user, string strategy = "s1", string symbol = "AAPL") => new(
        UserId.Parse(user), StrategyId.Parse(strategy), Symbol.Parse(symbol), OrderSide.Buy, 1, OrderType.Limit, LimitPrice: 50);

    public static EmergencyStopRequest Request(string target, StopOptions? options = null) => new(
        StopTarget.Parse(target), options ?? new(), EmergencyStopReason.UserInitiated, "load", Officer, TimeProvider.System.GetUtcNow());

    public async Task PlaceAsync(OrderTerms terms)
    {
        var answer = await Grains.GetGrain<IUserGrain>(terms.User.Value).PlaceAsync(terms, CancellationToken.None);
        if (answer is not PlaceAnswer.Admitted { Order.State: OrderState.Open or OrderState.Filled })
        {
            throw new InvalidOperationException($"An order was not taken: {answer}");
        }
    }

    public Task PlaceManyAsync(int count, Func<int, OrderTerms> terms) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, _) => await PlaceAsync(terms(i)));

    public async Task<EmergencyStopResult> StopAsync(string target, StopOptions? options = null)
    {
        var answer = await Stops.StopAsync(Request(target, options), TimeSpan.FromSeconds(60), CancellationToken.None);
        return answer is StopAnswer.Engaged engaged ? engaged.Result : throw new InvalidOperationException($"No stop: {answer}");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Ledger.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
