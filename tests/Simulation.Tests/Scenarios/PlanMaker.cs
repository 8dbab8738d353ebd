using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>Makes a scenario out of a seed: how many of everything, who does what when, and which faults strike.</summary>
public sealed class PlanMaker
{
    private static readonly string[] SymbolNames = ["AAPL", "BTC/USD", "MSFT", "ETH/USD"];

    private readonly SeededRandom _random;
    private readonly List<Act> _acts = [];
    private readonly List<int> _placed = [];
    private readonly List<(int Number, TimeSpan At, StopTarget Target)> _pressed = [];
    private readonly ImmutableArray<UserId> _users;
    private readonly ImmutableArray<OwnedStrategy> _strategies;
    private readonly ImmutableArray<Symbol> _symbols;
    private readonly TimeSpan _chaos;
    private readonly int _processes;

    private PlanMaker(ulong seed, Size size)
    {
        _random = SeededRandom.Of(seed, "plan");
        _users = [.. Enumerable.Range(1, size.Users).Select(n => UserId.Parse(string.Create(CultureInfo.InvariantCulture, $"u{n}")))];
        _symbols = [.. SymbolNames.Take(size.Symbols).Select(Symbol.Parse)];
        _strategies = [.. Enumerable.Range(1, size.Strategies).Select(n => new OwnedStrategy(
            StrategyId.Parse(string.Create(CultureInfo.InvariantCulture, $"t{n}")), _users[n % _users.Length]))];
        (_chaos, _processes) = (size.Chaos, size.Processes);
    }

    /// <summary>The sizes of a scenario.</summary>
    public sealed record Size(int Users, int Strategies, int Symbols, int Processes, int Orders, int Stops, TimeSpan Chaos)
    {
        /// <summary>That of the speed figure.</summary>
        public static Size Standard { get; } = new(10, 6, 3, 3, 200, 5, TimeSpan.FromSeconds(12));

        /// <summary>One that is drawn.</summary>
        public static Size Of(ulong seed)
        {
            var random = SeededRandom.Of(seed, "size");
            var users = 1 + random.Next(6);
            return new(users, 1 + random.Next(4), 1 + random.Next(3), 1 + random.Next(3), 4 + random.Next(60), 1 + random.Next(5), TimeSpan.FromSeconds(2 + random.Next(8)));
        }
    }

    /// <summary>The scenario of a seed.</summary>
    public static Plan Of(ulong seed, Size size)
    {
        var maker = new PlanMaker(seed, size);
        maker.Orders(size.Orders);
        maker.Stops(size.Stops);
        maker.Upsets();
        var venue = new VenueKind(
            Pushes: maker._random.Chance(0.5), MassCancel: maker._random.Chance(0.6), EnforcesReduceOnly: maker._random.Chance(0.5), OrdersDieWithSession: false);
        var (rates, drift) = (Rates.Of(maker._random), maker.DriftOf());
        if (venue.MassCancel && size.Processes > 1 && maker._random.Chance(0.25))
        {
            maker.StandsStill();
        }

        return Themes.Add(new(
            seed, size.Processes, maker._users, maker._strategies, maker._symbols, venue, rates, drift, size.Chaos,
            [.. maker._acts.OrderBy(a => a.At).ThenBy(a => a.Number)]));
    }

    private TimeSpan Sometime() => TimeSpan.FromTicks((long)(_random.NextDouble() * _chaos.Ticks));

    private void Add(Func<int, Act> make) => _acts.Add(make(_acts.Count));

    private void Orders(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var at = Sometime();
            var terms = Terms(_random.Pick(_users), i);
            _placed.Add(_acts.Count);
            Add(n => new Act.Place(at, n, terms));
            if (_random.Chance(0.08))
            {
                var order = _random.Pick(_placed);
                Add(n => new Act.Cancel(Sometime(), n, order));
            }

            if (_random.Chance(0.06))
            {
                var order = _random.Pick(_placed);
                var name = ClientOrderId.Parse($"r{i}");
                var changes = _random.Chance(0.5) ? new OrderChanges(Quantity: 1 + _random.Next(9)) : new OrderChanges(LimitPrice: 80 + _random.Next(40));
                Add(n => new Act.Replace(Sometime(), n, order, changes, name));
            }

            if (_random.Chance(0.04))
            {
                var foreign = Terms(_random.Pick(_users), 100_000 + i) with { Strategy = null };
                Add(n => new Act.Foreign(Sometime(), n, foreign));
            }
        }
    }

    private OrderTerms Terms(UserId user, int i)
    {
        var strategy = _random.Chance(0.7) ? _random.Pick(_strategies).Id : (StrategyId?)null;
        var symbol = _random.Pick(_symbols);
        var side = _random.Chance(0.6) ? OrderSide.Buy : OrderSide.Sell;
        var quantity = 1 + _random.Next(9);
        var type = _random.Chance(0.8) ? OrderType.Limit : _random.Chance(0.5) ? OrderType.Market : OrderType.Stop;
        var price = side == OrderSide.Buy ? 60 + _random.Next(60) : 80 + _random.Next(60);
        return new(
            user, strategy, symbol, side, quantity, type,
            LimitPrice: type == OrderType.Limit ? price : null,
            StopPrice: type == OrderType.Stop ? price : null,
            TimeInForce: type == OrderType.Limit && _random.Chance(0.1) ? TimeInForce.Ioc : TimeInForce.Gtc,
            Protective: type == OrderType.Stop && _random.Chance(0.5),
            ReduceOnly: _random.Chance(0.05),
            ClientOrderId: ClientOrderId.Parse(string.Create(CultureInfo.InvariantCulture, $"c{i}")));
    }

    private void Stops(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var at = Sometime();
            var request = Request(i);
            var number = _acts.Count;
            _pressed.Add((number, at, request.Target));
            Add(n => new Act.Press(at, n, request, _random.Chance(0.3) ? 2 : 1));
            Afterwards(number, at, request.Target);
        }
    }

    private void Afterwards(int stop, TimeSpan at, StopTarget target)
    {
        TimeSpan Later() => at + _random.LogBetween(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(8));

        for (var tries = _random.Next(4); tries > 0; tries--)
        {
            var (resume, despite) = (_random.Chance(0.3), _random.Chance(0.3));
            Add(n => new Act.Release(Later(), n, stop, resume, despite));
        }

        if (_random.Chance(0.2))
        {
            Add(n => new Act.Escalate(Later(), n, stop));
        }

        if (_random.Chance(0.25))
        {
            Add(n => new Act.Waive(Later(), n, stop));
        }

        if (Part(target) is { } part && _random.Chance(0.35))
        {
            var carved = Later();
            Add(n => new Act.Except(carved, n, stop, part, PutBack: false));
            if (_random.Chance(0.6))
            {
                Add(n => new Act.Except(carved + _random.LogBetween(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(3)), n, stop, part, PutBack: true));
            }
        }

        if (_random.Chance(0.25))
        {
            var terms = Terms(target.User ?? _random.Pick(_users), 200_000 + stop) with { ReduceOnly = true, Symbol = target.Symbol ?? _random.Pick(_symbols) };
            Add(n => new Act.PassGate(Later(), n, stop, terms));
        }

        if (_random.Chance(0.5))
        {
            var strategy = _random.Pick(_strategies).Id;
            Add(n => new Act.Resume(Later(), n, strategy));
        }
    }

    private EmergencyStopRequest Request(int i)
    {
        var user = _random.Pick(_users);
        var strategy = _random.Pick(_strategies);
        var symbol = _random.Pick(_symbols);
        var target = _random.Next(9) switch
        {
            0 or 1 or 2 => StopTarget.Of(user),
            3 or 4 => StopTarget.Of(strategy.Id),
            5 => StopTarget.Of(symbol),
            6 => StopTarget.Of(user, symbol),
            _ => StopTarget.System,
        };
        var options = _random.Next(10) switch
        {
            0 => new StopOptions(PauseStrategies: false, CancelOnly: true),
            1 => new StopOptions(CancelOrders: false),
            2 => new StopOptions(PauseStrategies: false),
            3 or 4 => StopOptions.Panic,
            5 => new StopOptions(ClosePositions: true, KeepProtective: true),
            6 => new StopOptions(KeepProtective: true),
            _ => new StopOptions(),
        };
        var trader = target.Scope is EmergencyStopScope.User or EmergencyStopScope.UserSymbol && _random.Chance(0.5);
        var key = _random.Chance(0.8) ? string.Create(CultureInfo.InvariantCulture, $"key-{i}") : null;
        return new(
            target, options, EmergencyStopReason.UserInitiated, "simulated",
            trader ? new Caller($"k-{user}", user.Value, Role.Trader, user) : Officer(_random.Next(2)),
            default, key, key)
        {
            Except = !trader && !options.CancelOnly && Part(target) is { } part && _random.Chance(0.15) ? [part] : [],
        };
    }

    /// <summary>A risk officer; there are two.</summary>
    public static Caller Officer(int which) => new($"k-officer{which}", $"officer{which}", Role.RiskOfficer, null);

    private StopTarget? Part(StopTarget whole)
    {
        var part = _random.Next(3) switch
        {
            0 => StopTarget.Of(whole.User ?? _random.Pick(_users), _random.Pick(_symbols)),
            1 => StopTarget.Of(_random.Pick(_strategies).Id),
            _ => StopTarget.Of(_random.Pick(_users)),
        };
        return CarveOut.WhyNot(whole, part) is null ? part : null;
    }

    /// <summary>How much each process's clocks run ahead or behind.</summary>
    private ImmutableArray<double> DriftOf() =>
        [.. Enumerable.Range(0, _processes).Select(_ => _random.Chance(0.3) ? (_random.NextDouble() - 0.5) * 0.06 : 0)];

    /// <summary>What befalls processes, the ledger and the venue as a whole.</summary>
    private void Upsets()
    {
        for (var kills = _random.Next(4); kills > 0; kills--)
        {
            var (slot, gone) = (_random.Next(_processes), _random.LogBetween(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(4)));
            Add(n => new Act.Kill(NearStop(), n, slot, gone));
        }

        for (var freezes = _random.Next(3); freezes > 0; freezes--)
        {
            var (slot, lasts) = (_random.Next(_processes), _random.LogBetween(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(6)));
            Add(n => new Act.Freeze(NearStop(), n, slot, lasts));
        }

        Maybe(0.3, n => new Act.LedgerDown(NearStop(), n, _random.LogBetween(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(60))));
        Maybe(0.2, n => new Act.Cut(NearStop(), n, _random.Next(_processes), _random.LogBetween(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(20))));
        Maybe(0.3, n => new Act.VenueDown(NearStop(), n, _random.Chance(0.5) ? AccountId.Parse(_random.Pick(_users).Value) : null, _random.LogBetween(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(12))));
        Maybe(0.15, n => new Act.MarketClosed(NearStop(), n, _random.LogBetween(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(12))));
        Maybe(0.2, n => new Act.Jump(NearStop(), n, _random.Next(_processes), TimeSpan.FromSeconds((_random.NextDouble() * 240) - 120)));
    }

    /// <summary>A process stands still between the record of a mass cancel and its sending; meanwhile the stop may be settled and released elsewhere, and the users go on.</summary>
    private void StandsStill()
    {
        var whole = _pressed.Where(p => p.Target.Scope is EmergencyStopScope.User or EmergencyStopScope.System).ToArray();
        if (whole.Length == 0)
        {
            return;
        }

        var (stop, at, target) = _random.Pick(whole);
        var lasts = _random.Between(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(16));
        TimeSpan Meanwhile(double from) => at + _random.Between(lasts * from, lasts);
        Add(n => new Act.FreezeSender(at, n, lasts));
        for (var i = 0; i < 5; i++)
        {
            Add(n => new Act.Release(Meanwhile(0.4), n, stop, Resumes: false, Despite: false));
        }

        for (var i = 0; i < 6; i++)
        {
            var terms = Terms(target.User ?? _random.Pick(_users), 300_000 + i) with { Strategy = null };
            Add(n => new Act.Place(Meanwhile(0.8), n, terms));
        }
    }

    private void Maybe(double share, Func<int, Act> make)
    {
        if (_random.Chance(share))
        {
            Add(make);
        }
    }

    /// <summary>Most of what happens elsewhere in time tells nothing about stops.</summary>
    private TimeSpan NearStop()
    {
        if (_pressed.Count == 0 || _random.Chance(0.2))
        {
            return Sometime();
        }

        var near = _random.Pick(_pressed).At + _random.LogBetween(TimeSpan.FromMicroseconds(200), TimeSpan.FromSeconds(2)) - TimeSpan.FromMilliseconds(_random.Next(40));
        return near > TimeSpan.Zero ? near : TimeSpan.Zero;
    }
}
