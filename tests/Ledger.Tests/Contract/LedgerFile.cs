using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Tests.PostgreSql;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace EmergencyStop.Ledger.Tests.Contract;

/// <summary>A ledger in a file or a database of its own, with the words that tests speak in.</summary>
public sealed class LedgerFile(LedgerKind kind = LedgerKind.Sqlite) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-").FullName;
    private readonly List<StoredLedger> _opened = [];
    private PostgreSqlDatabase? _database;
    private int _next;

    public static Caller Officer { get; } = new("key-officer", "officer", Role.RiskOfficer, null);

    public static Caller Alice { get; } = new("key-alice", "alice's key", Role.Trader, UserId.Parse("alice"));

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero));

    public string Path => System.IO.Path.Combine(_folder, "ledger.db");

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Opens the ledger, as another process would if it is open already.</summary>
    public async Task<StoredLedger> OpenAsync()
    {
        if (kind == LedgerKind.Sqlite)
        {
            return await OpenAsync(static _ => { });
        }

        _database ??= await PostgreSqlDatabase.CreateAsync();
        var options = new PostgreSqlLedgerOptions // A busy machine is neither a lost server nor a frozen process.
        {
            BatchBudget = TimeSpan.FromSeconds(1), ConnectTimeout = Patience, WriteTimeout = Patience, IdleTimeout = Patience,
        };
        var ledger = await PostgreSqlLedger.OpenAsync(_database.ConnectionString, options, alone: false, Time);
        _opened.Add(ledger);
        return ledger;
    }

    public async Task<StoredLedger> OpenAsync(Action<SqliteLedgerOptions> configure)
    {
        var options = new SqliteLedgerOptions { Path = Path };
        configure(options);
        var ledger = await SqliteLedger.OpenAsync(options, Time);
        _opened.Add(ledger);
        return ledger;
    }

    public NewOrder Order(
        string user = "alice",
        string strategy = "s1",
        string symbol = "BTC-USD",
        string? clientOrderId = null,
        OrderSide side = OrderSide.Buy,
        decimal quantity = 1,
        bool isProtective = false) => new(
        OrderId.Parse($"o-{Interlocked.Increment(ref _next)}"),
        new(
            UserId.Parse(user), StrategyId.Parse(strategy), Symbol.Parse(symbol), side, quantity, OrderType.Limit, 100.5m,
            Protective: isProtective, ClientOrderId: clientOrderId is null ? null : ClientOrderId.Parse(clientOrderId)),
        AccountId.Parse($"acc-{user}"),
        Now);

    public NewOrder Closing(string user, string symbol, OrderSide side, decimal quantity, string? strategy = null)
    {
        var order = Order(user, "none", symbol, side: side, quantity: quantity);
        return order with { Terms = order.Terms with { Strategy = strategy is null ? null : StrategyId.Parse(strategy), Type = OrderType.Market, LimitPrice = null } };
    }

    public StopId NewStop() => StopId.Parse($"stop-{Interlocked.Increment(ref _next)}");

    public EmergencyStopRequest Request(
        string target, StopOptions? options = null, Caller? by = null, string? key = null, string? bodyHash = null) =>
        new(
            StopTarget.Parse(target), options ?? new(), EmergencyStopReason.UserInitiated, "because", by ?? Officer, Now, key, bodyHash);

    public async Task<Stop> EngageAsync(StoredLedger ledger, string target, StopOptions? options = null, Caller? by = null)
    {
        Time.Advance(TimeSpan.FromSeconds(11)); // So that it is no repeat.
        var answer = await ledger.EngageAsync(NewStop(), Request(target, options, by), CancellationToken.None);
        return Assert.IsType<EngageAnswer.Engaged>(answer).Stop;
    }

    public static async Task<Order> AdmitAsync(StoredLedger ledger, NewOrder order) =>
        Assert.IsType<AdmitAnswer.Admitted>(await ledger.AdmitAsync(order, CancellationToken.None)).Order;

    public async Task<Order> RecordAsync(StoredLedger ledger, Order order, OrderState state, decimal filled = 0, string? venueId = null) =>
        Assert.Single(await ledger.RecordAsync([Evidence(order, state, filled, venueId)], CancellationToken.None));

    /// <summary>What the writer has begun while the file was locked may still fail after the lock is gone: then it is asked again, as every caller does.</summary>
    public static async Task<T> OnceUnlockedAsync<T>(Func<Task<T>> call)
    {
        const int mostTries = 20;
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (LedgerUnavailableException) when (tries < mostTries)
            {
                // The next attempt finds the file free.
            }
        }
    }

    public OrderEvidence Evidence(Order order, OrderState state, decimal filled = 0, string? venueId = null) =>
        new(order.Id, state, Now, filled, filled > 0 ? 100m : null, venueId);

    public ItemOutcome Outcome(Order order, OutcomeKind outcome, bool inferred = false) =>
        Outcome(ObligationKind.Order, order.Id.Value, outcome) with { Inferred = inferred };

    public ItemOutcome Outcome(ObligationKind kind, string item, OutcomeKind outcome) =>
        new(kind, item, outcome, Now, TimeSpan.FromMilliseconds(5));

    public Task<Stop> ProgressAsync(StoredLedger ledger, Stop stop, StopState state, StopClocks? clocks = null) =>
        ledger.ProgressAsync(stop.Id, state, clocks ?? new(), [], Now, CancellationToken.None);

    public Task<ReleaseAnswer> ReleaseAsync(StoredLedger ledger, Stop stop, bool resume = false) =>
        ledger.ReleaseAsync(new(stop.Id, Officer, "over", resume, Now), CancellationToken.None);

    /// <summary>Brings a stop that owes nothing to its end and lifts it.</summary>
    public async Task<ReleaseAnswer> FinishAsync(StoredLedger ledger, Stop stop, bool resume = false)
    {
        await ProgressAsync(ledger, stop, StopState.Completed);
        return await ReleaseAsync(ledger, stop, resume);
    }

    /// <summary>Changes the file behind the ledger's back.</summary>
    public int Tamper(string sql)
    {
        if (_database is { } database)
        {
            return database.Execute(sql);
        }

        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var ledger in _opened)
        {
            await ledger.DisposeAsync();
        }

        if (_database is { } database)
        {
            await database.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
