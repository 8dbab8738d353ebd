using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Events;
using EmergencyStop.Grains.Braking;
using EmergencyStop.Grains.Orders;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Sqlite;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;
using EmergencyStop.Venues.Simulated;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;

namespace EmergencyStop.Grains.Tests;

/// <summary>The grains on the host that the build chose, over a real SQLite file and the simulated venue, with short waits.</summary>
internal sealed partial class World : IAsyncDisposable
{
    public static readonly Caller Officer = new("k-officer", "officer", Role.RiskOfficer, null);

    private static readonly Dictionary<string, string?> Short = new(StringComparer.Ordinal)
    {
        ["Orders:SendWindow"] = "00:00:02",
        ["Orders:ConfirmWait"] = "00:00:00.300",
        ["Orders:PollEvery"] = "00:00:00.100",
        ["Stopping:FirstRetry"] = "00:00:00.050",
        ["Stopping:RetryCeiling"] = "00:00:00.300",
        ["Stopping:Patience"] = "00:00:01.500",
        ["Stopping:RecoverEvery"] = "00:00:00.200",
        ["Braking:EngageWait"] = "00:00:00.500",
        ["Braking:ReplayEvery"] = "00:00:00.050",
        ["Braking:LookEvery"] = "00:00:00.200",
        ["Braking:MirrorEvery"] = "00:00:00.100",
        ["Braking:WatchEvery"] = "00:00:00.100",
        ["Watching:WatchPushingEvery"] = "00:00:00.200",
        ["Venues:Simulated:AttemptTimeout"] = "00:00:00.300",
        ["Venues:Simulated:TickEvery"] = "00:00:00.050",
        ["Venues:Simulated:VisibilityBound"] = "00:00:00.100",
        ["Venues:Simulated:Seed"] = "1",
    };

    /// <summary>The setting under which the venue does not tell of changes.</summary>
    public static readonly (string Key, string Value) Polled = ("Test:Polled", "true");

    private const int SpoolRecords = 8;

    private readonly IHost _host;
    private readonly string _folder;
    private readonly bool _ownsFolder;

    private World(IHost host, SqliteLedger ledger, string folder, bool ownsFolder) =>
        (_host, Ledger, _folder, _ownsFolder) = (host, ledger, folder, ownsFolder);

    public SqliteLedger Ledger { get; }

    public IEmergencyStopSystem System => _host.Services.GetRequiredService<IEmergencyStopSystem>();

    /// <summary>The way to break the ledger under the service; <see cref="Ledger"/> itself stays whole for the test.</summary>
    public LedgerFault Fault => _host.Services.GetRequiredService<LedgerFault>();

    public StopBrake Brake => _host.Services.GetRequiredService<StopBrake>();

    public BrakeSight Sight => _host.Services.GetRequiredService<BrakeSight>();

    public LedgerMirror Mirror => _host.Services.GetRequiredService<LedgerMirror>();

    public StopSpool Spool => _host.Services.GetRequiredService<StopSpool>();

    public IEventBus Bus => _host.Services.GetRequiredService<IEventBus>();

    public IStopDegrees Degrees => _host.Services.GetRequiredService<IStopDegrees>();

    /// <summary>What the brake of this service sees, with another clock and another way to the venue.</summary>
    public BrakeSight SightThrough(IVenue venue, TimeProvider clock) => new(
        venue, _host.Services.GetRequiredService<IAccountMap>(), _host.Services.GetRequiredService<ILedger>(), Mirror, clock,
        _host.Services.GetRequiredService<IOptions<OrderOptions>>(), _host.Services.GetRequiredService<IOptions<BrakeOptions>>());

    public IVenue Venue => _host.Services.GetRequiredService<IVenue>();

    public SimulatedMarket Market => _host.Services.GetRequiredService<SimulatedMarket>();

    public SimulatedFaults Faults => _host.Services.GetRequiredService<SimulatedFaults>();

    public static Caller Trader(string user) => new($"k-{user}", user, Role.Trader, UserId.Parse(user));

    public static Task<World> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    /// <summary>A service whose clock the test can make jump.</summary>
    public static Task<World> StartAsync(TimeProvider clock) => StartAsync(null, LedgerTrouble.None, clock);

    /// <summary>A new process over the same ledger file and the same venue as <paramref name="before"/>, which must be abandoned first.</summary>
    public static Task<World> StartAsync(World? before, params (string Key, string Value)[] settings) =>
        StartAsync(before, LedgerTrouble.None, settings);

    /// <summary>The same over a ledger that opens and is in trouble from the start.</summary>
    public static Task<World> StartAsync(World? before, LedgerTrouble trouble, params (string Key, string Value)[] settings) =>
        StartAsync(before, trouble, TimeProvider.System, settings);

    private static async Task<World> StartAsync(World? before, LedgerTrouble trouble, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        var folder = before?._folder ?? Directory.CreateTempSubdirectory("grains-").FullName;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(Short);
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        var ledger = await SqliteLedger.OpenAsync(
            new SqliteLedgerOptions { Path = Path.Combine(folder, "ledger.db") }, TimeProvider.System, CancellationToken.None);
        var (wrapped, fault) = LedgerFault.Around(ledger);
        fault.Set(trouble);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(wrapped);
        builder.Services.AddSingleton(fault);
        builder.Services.AddSingleton(_ => StopSpool.Open(Path.Combine(folder, "stops.spool"), SpoolRecords));
        builder.Services.AddVenues(builder.Configuration);
        if (builder.Configuration[Polled.Key] is not null)
        {
            builder.Services.AddSingleton<SimulatedVenue>();
            builder.Services.AddSingleton(p => QuietVenue.Around(p.GetRequiredService<SimulatedVenue>()));
        }

        if (before is not null)
        {
            builder.Services.AddSingleton(before.Market).AddSingleton(before.Faults);
        }

        builder.Services.AddEmergencyStopGrains(builder.Configuration);
        AddGrainHost(builder);
        builder.Services.AddEmergencyStopReaders();
        var host = builder.Build();
        await host.StartAsync();
        return new(host, ledger, folder, before is null);
    }

    /// <summary>Adds a silo of its own that shares nothing with another world, and the store <c>grains</c> in memory.</summary>
    private static partial void AddGrainHost(HostApplicationBuilder builder);

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IUserGrain User(string user) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserGrain>(user);

    public IStrategyGrain Strategy(string strategy) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IStrategyGrain>(strategy);

    /// <summary>A limit order that rests, far from the market at 100.</summary>
    public static OrderTerms Resting(string user, string symbol = "AAPL", string strategy = "s1", bool protective = false) => new(
        UserId.Parse(user), StrategyId.Parse(strategy), Symbol.Parse(symbol), OrderSide.Buy, 1, OrderType.Limit, LimitPrice: 50, Protective: protective);

    public static OrderTerms AtMarket(string user, decimal signed, string symbol = "AAPL", string strategy = "s1") => new(
        UserId.Parse(user), StrategyId.Parse(strategy), Symbol.Parse(symbol), signed > 0 ? OrderSide.Buy : OrderSide.Sell, Math.Abs(signed), OrderType.Market);

    public async Task<PlaceAnswer> TryPlaceAsync(OrderTerms terms) => await User(terms.User.Value).PlaceAsync(terms, CancellationToken.None);

    public async Task<Order> PlaceAsync(OrderTerms terms)
    {
        var answer = await TryPlaceAsync(terms);
        var order = Assert.IsType<PlaceAnswer.Admitted>(answer).Order;
        Assert.True(order.State != OrderState.NeverSent, $"The machine was too busy to send within the window: {order.Reason}");
        return order;
    }

    public async Task<(Stop Stop, EmergencyStopResult Result)> StopAsync(
        string target, StopOptions? options = null, Caller? by = null, double waitSeconds = 10, string? key = null)
    {
        var request = new EmergencyStopRequest(
            StopTarget.Parse(target), options ?? new(), EmergencyStopReason.UserInitiated, "test", by ?? Officer, TimeProvider.System.GetUtcNow(), key, key);
        var answer = await System.StopAsync(request, TimeSpan.FromSeconds(waitSeconds), CancellationToken.None);
        var engaged = Assert.IsType<StopAnswer.Engaged>(answer);
        return (engaged.Stop, engaged.Result);
    }

    public Task<ReleaseAnswer> ReleaseAsync(StopId stop, Caller? by = null, bool resume = false, bool despite = false) => System.ReleaseAsync(
        new(stop, by ?? Officer, "test", resume, TimeProvider.System.GetUtcNow()) { DespiteOutstanding = despite }, CancellationToken.None);

    public Task<ExceptAnswer> ExceptAsync(StopId stop, string part, Caller? by = null) =>
        Degrees.ExceptAsync(new(stop, StopTarget.Parse(part), by ?? Officer, "test", TimeProvider.System.GetUtcNow()), CancellationToken.None);

    public Task<ExceptAnswer> PutBackAsync(StopId stop, string part) =>
        Degrees.PutBackAsync(new(stop, StopTarget.Parse(part), Officer, "test", TimeProvider.System.GetUtcNow()), CancellationToken.None);

    /// <summary>Takes the venue away from these accounts only; from none: gives it back.</summary>
    public void SetDown(params string[] accounts) => Faults.Change(f => f with { DownAccounts = [.. accounts.Select(AccountId.Parse)] });

    /// <summary>Waits, bounded, until the stop is as expected.</summary>
    public async Task<ImmutableArray<ItemOutcome>> UntilAsync(StopId stop, StopState state)
    {
        var read = StopState.Working;
        return await UntilAsync(
            stop, async () => (read = (await Ledger.FindStopAsync(stop, CancellationToken.None))?.State ?? read) == state, () => $"it is {read}, not {state}");
    }

    /// <summary>Waits, bounded, until the stop's outcomes are as expected.</summary>
    public Task<ImmutableArray<ItemOutcome>> UntilAsync(StopId stop, Func<ImmutableArray<ItemOutcome>, bool> enough) =>
        UntilAsync(stop, async () => enough(await Ledger.OutcomesAsync(stop, CancellationToken.None)), () => "its outcomes are not as expected");

    /// <summary>Waits, bounded, until no memory of an unrecorded stop is left.</summary>
    public Task RecordedAsync(StopId stop) => UntilAsync(() => Brake.Find(stop) is null);

    /// <summary>Waits, bounded, until something is so.</summary>
    public static async Task UntilAsync(Func<bool> enough)
    {
        for (var i = 0; i < 600 && !enough(); i++)
        {
            await Task.Delay(25);
        }

        Assert.True(enough(), "It is not so after 15 s.");
    }

    /// <summary>Waits, bounded, until an order has ended.</summary>
    public static async Task<Order> EndedAsync(Func<ValueTask<Order?>> find)
    {
        Order? row = null;
        for (var i = 0; i < 600 && (row = await find()) is null or { EndedAfter: null }; i++)
        {
            await Task.Delay(25);
        }

        return row ?? throw new TimeoutException("There is no such order after 15 s.");
    }

    /// <summary>Ends the process in order: its grains deactivate. The ledger can still be read.</summary>
    public Task EndAsync() => _host.StopAsync();

    private async Task<ImmutableArray<ItemOutcome>> UntilAsync(StopId stop, Func<Task<bool>> enough, Func<string> what)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await enough())
            {
                return await Ledger.OutcomesAsync(stop, CancellationToken.None);
            }

            await Task.Delay(25);
        }

        var outcomes = await Ledger.OutcomesAsync(stop, CancellationToken.None);
        throw new TimeoutException($"{what()}; unmet: {string.Join("; ", outcomes.Where(o => !o.Outcome.IsMet()))}");
    }

    public ImmutableArray<SimulatedOrderView> OpenAtVenue(string account) => Market.OpenOrders(AccountId.Parse(account));

    /// <summary>An order that some other program places, past the service.</summary>
    public void PlacePast(string account, string symbol, string clientOrderId = "somebody else's") => Market.Place(new(
        AccountId.Parse(account), clientOrderId, Symbol.Parse(symbol), OrderSide.Buy, OrderType.Limit, 1, LimitPrice: 50));

    public decimal PositionAtVenue(string account, string symbol) =>
        Market.Positions(AccountId.Parse(account)).FirstOrDefault(p => p.Symbol == Symbol.Parse(symbol))?.Quantity ?? 0;

    /// <summary>Lets go of the process without a word, as a crash does: nothing is flushed or ended in order.</summary>
    public async Task AbandonAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await _host.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // That is the point.
        }

        await Ledger.DisposeAsync();
        Spool.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await Ledger.DisposeAsync();
        _host.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
