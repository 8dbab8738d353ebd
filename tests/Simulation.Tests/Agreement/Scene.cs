using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Venues;

namespace EmergencyStop.Simulation.Tests.Agreement;

/// <summary>A small world, so that operations hit each other often: who and what there is, and what the first ledger holds by now.</summary>
internal sealed class Scene(AgreementClock clock)
{
    private readonly List<OrderId> _orders = [];
    private readonly List<StopId> _stops = [];
    private readonly Dictionary<StopId, Stop> _asFirstRead = [];
    private int _made;

    public static ImmutableArray<UserId> Users { get; } = [UserId.Parse("alice"), UserId.Parse("bob"), UserId.Parse("carol")];

    public static ImmutableArray<StrategyId> Strategies { get; } = [StrategyId.Parse("s1"), StrategyId.Parse("s2"), StrategyId.Parse("s3"), StrategyId.Parse("s4")];

    public static ImmutableArray<Symbol> Symbols { get; } = [Symbol.Parse("BTC-USD"), Symbol.Parse("ETH-USD"), Symbol.Parse("AAPL")];

    /// <summary>Carol and others trade through the pool.</summary>
    public static ImmutableArray<AccountId> Accounts { get; } = [AccountId.Parse("acc-alice"), AccountId.Parse("acc-bob"), AccountId.Parse("pool")];

    public static Caller Officer { get; } = new("key-officer", "officer", Role.RiskOfficer, null);

    public static Caller Alice { get; } = new("key-alice", "alice's key", Role.Trader, Users[0]);

    public static Caller Bob { get; } = new("key-bob", "bob's key", Role.Trader, Users[1]);

    public static Caller Viewer { get; } = new("key-viewer", "viewer", Role.Viewer, null);

    public static ImmutableArray<StopTarget> Targets { get; } =
    [
        StopTarget.System,
        .. Users.Select(StopTarget.Of),
        .. Strategies.Select(StopTarget.Of),
        .. Symbols.Select(StopTarget.Of),
        .. Users.SelectMany(u => Symbols.Select(s => StopTarget.Of(u, s))),
    ];

    /// <summary>The ledger that says what there is.</summary>
    public required ILedger First { get; set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public IReadOnlyList<OrderId> Orders => _orders;

    public IReadOnlyList<StopId> Stops => _stops;

    /// <summary>Hashes of keys that were added, or tried to be.</summary>
    public HashSet<string> KeyHashes { get; } = new(StringComparer.Ordinal);

    /// <summary>The stops, accounts and symbols that closing orders were asked for.</summary>
    public HashSet<(StopId Stop, AccountId Account, Symbol Symbol)> Closings { get; } = [];

    /// <summary>Mostly a moment, sometimes long enough that a repeat is none any more; never a whole number of microseconds.</summary>
    public void Pass(Choices c) => clock.Advance(c.From(
        TimeSpan.FromTicks(13), TimeSpan.FromTicks(5_003), TimeSpan.FromTicks(12_345_678), TimeSpan.FromTicks(30_000_001), TimeSpan.FromTicks(110_000_007)));

    public string Fresh(string prefix) => $"{prefix}{++_made}";

    public static UserId User(Choices c) => Users[c.Of(Users.Length)];

    public static StrategyId Strategy(Choices c) => Strategies[c.Of(Strategies.Length)];

    public static Symbol AnySymbol(Choices c) => Symbols[c.Of(Symbols.Length)];

    public static AccountId Account(UserId user, Choices c) => user == Users[2] || c.OneIn(4) ? Accounts[2] : user == Users[0] ? Accounts[0] : Accounts[1];

    public static Caller Person(Choices c) => c.From(Officer, Officer, Alice, Bob);

    /// <summary>A user, strategy and symbol of a target; what it leaves open is drawn.</summary>
    public static (UserId User, StrategyId? Strategy, Symbol Symbol) Within(StopTarget target, Choices c)
    {
        var (user, strategy, symbol) = (User(c), Strategy(c), AnySymbol(c));
        return (target.User ?? user, target.Strategy ?? (c.OneIn(5) ? null : strategy), target.Symbol ?? symbol);
    }

    /// <summary>A known order, one that fits if there is any.</summary>
    public async ValueTask<Order?> OrderAsync(Choices c, Func<Order, bool> fits)
    {
        var from = c.Of(10_000);
        Order? any = null;
        for (var i = 0; i < _orders.Count; i++)
        {
            var order = await First.FindOrderAsync(_orders[^(1 + ((from + i) % _orders.Count))], CancellationToken.None);
            if (order is not null && fits(order))
            {
                return order;
            }

            any ??= order;
        }

        return any;
    }

    /// <summary>A known stop, one that fits if there is any.</summary>
    public async ValueTask<Stop?> StopAsync(Choices c, Func<Stop, bool> fits)
    {
        var from = c.Of(10_000);
        Stop? any = null;
        for (var i = 0; i < _stops.Count; i++)
        {
            var stop = await First.FindStopAsync(_stops[^(1 + ((from + i) % _stops.Count))], CancellationToken.None);
            if (stop is not null && fits(stop))
            {
                return stop;
            }

            any ??= stop;
        }

        return any;
    }

    /// <summary>A stop's id: of one that fits, or of any other, or of none.</summary>
    public async ValueTask<StopId> StopIdAsync(Choices c, Func<Stop, bool> fits)
    {
        var (nobody, anybody) = (c.OneIn(25), c.OneIn(4));
        var found = nobody ? null : await StopAsync(c, s => anybody || fits(s));
        return found?.Id ?? StopId.Parse("no-such-stop");
    }

    /// <summary>A stop that owes orders if there is any; otherwise as <see cref="StopIdAsync"/>.</summary>
    public async ValueTask<StopId> OwingAsync(Choices c, Func<Stop, bool> fits)
    {
        var any = c.OneIn(4);
        var owing = any ? null : await StopAsync(c, fits);
        for (var i = 0; i < _stops.Count && owing is not null; i++)
        {
            if (!(await First.OwedAsync(owing, includeProtective: true, null, CancellationToken.None)).IsEmpty)
            {
                return owing.Id;
            }

            owing = await First.FindStopAsync(_stops[i], CancellationToken.None);
        }

        return await StopIdAsync(c, fits);
    }

    /// <summary>The stop as the first answer about it said.</summary>
    public Stop AsFirstRead(Stop stop) => _asFirstRead.GetValueOrDefault(stop.Id, stop);

    public void Know(OrderId order)
    {
        if (!_orders.Contains(order))
        {
            _orders.Add(order);
        }
    }

    /// <summary>Takes in what an answer names.</summary>
    public void Learn(object? answer)
    {
        switch (answer)
        {
            case AdmitAnswer.Admitted { Order: var order }: Know(order.Id); break;
            case ClosingAnswer.Inserted { Order: var order }: Know(order.Id); break;
            case Order order: Know(order.Id); break;
            case EngageAnswer.Engaged { Stop: var stop }: Know(stop); break;
            default: break;
        }
    }

    private void Know(Stop stop)
    {
        _stops.Add(stop.Id);
        _asFirstRead[stop.Id] = stop;
    }
}
