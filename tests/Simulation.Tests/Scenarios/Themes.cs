using System.Collections.Immutable;
using System.Globalization;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>Steers some scenarios towards a moment that chance alone meets too seldom, by further acts and higher rates.</summary>
/// <remarks>All of it is drawn from a stream of its own: a scenario without a theme is what it was without this class.</remarks>
public sealed partial class Themes
{
    /// <summary>Which share of the scenarios has one.</summary>
    private const double Share = 0.25;

    /// <summary>Which share of the others has one of those that came later.</summary>
    private const double ShareOfLater = 0.02;

    /// <summary>What themes there are, each as likely as another.</summary>
    private static readonly ImmutableArray<Action<Themes>> All =
    [
        static t => t.PastTheGateBeforeAMassCancel(), static t => t.PlacedAsTheGateOpens(), static t => t.EngageWithoutAnAnswer(),
        static t => t.WrittenLateAndShownLate(), static t => t.AsTheLedgerComesBack(), static t => t.MassCancelThatTakesEffectLate(),
        static t => t.PressedDuringAnOutage(), static t => t.ClosedBesideOthers(), static t => t.FillsThatTheLedgerRefuses(),
        static t => t.EscalatedUnheard(), static t => t.GuardsTradeBehindAStop(), static t => t.ClosedByTheDead(), static t => t.PlacedAsAPassEnds(),
    ];

    /// <summary>Those that came later, of scenarios that have none of the others: so that each other scenario stays what it was.</summary>
    private static readonly ImmutableArray<Action<Themes>> Later = [static t => t.ReleasedInPart()];

    private readonly SeededRandom _random;
    private readonly List<Act> _acts;
    private int _next;
    private int _named;
    private Plan _plan;

    private Themes(Plan plan, SeededRandom random)
    {
        (_plan, _random) = (plan, random);
        _acts = [.. plan.Acts];
        _next = _acts.Count;
    }

    /// <summary>The scenario with its theme, if it is to have one.</summary>
    public static Plan Add(Plan plan)
    {
        var random = SeededRandom.Of(plan.Seed, "theme");
        var later = SeededRandom.Of(plan.Seed, "later theme");
        var theme = random.Chance(Share) ? random.Pick(All) : later.Chance(ShareOfLater) ? later.Pick(Later) : null;
        if (theme is null)
        {
            return plan;
        }

        var themes = new Themes(plan, random);
        theme(themes);
        return themes._plan with { Acts = [.. themes._acts.OrderBy(a => a.At).ThenBy(a => a.Number)] };
    }

    /// <summary>A time as a share of that in which faults strike.</summary>
    private TimeSpan At(double from, double to) => _plan.Chaos * (from + ((to - from) * _random.NextDouble()));

    private TimeSpan Within(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds * _random.NextDouble());

    private int Add(Func<int, Act> make)
    {
        _acts.Add(make(_next));
        return _next++;
    }

    private void Rate(string fault, double share) => _plan = _plan with { Rates = _plan.Rates.With(fault, share) };

    private void AtLeastTwoProcesses() => _plan = _plan with { Processes = Math.Max(2, _plan.Processes) };

    private OrderTerms Order(UserId user, OrderSide side, int quantity, decimal? limit, bool reduceOnly = false) => new(
        user, null, _plan.Symbols[0], side, quantity, limit is null ? OrderType.Market : OrderType.Limit, limit,
        ReduceOnly: reduceOnly,
        ClientOrderId: ClientOrderId.Parse(string.Create(CultureInfo.InvariantCulture, $"theme{_named++}")));

    /// <summary>Far from the market: it rests until somebody acts.</summary>
    private OrderTerms Resting(UserId user) => Order(user, OrderSide.Buy, 1 + _random.Next(5), 50 + _random.Next(10));

    private void Rest(UserId user, int count, TimeSpan before)
    {
        for (; count > 0; count--)
        {
            var (at, terms) = (before * _random.NextDouble(), Resting(user));
            Add(n => new Act.Place(at, n, terms));
        }
    }

    private int Press(TimeSpan at, StopTarget target, StopOptions? options = null)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"theme-key-{_named++}");
        var request = new EmergencyStopRequest(
            target, options ?? new StopOptions(), EmergencyStopReason.UserInitiated, "simulated", PlanMaker.Officer(0), default, key, key);
        return Add(n => new Act.Press(at, n, request, Times: 1));
    }

    private void Release(int stop, TimeSpan from, TimeSpan to, int times)
    {
        for (; times > 0; times--)
        {
            var at = _random.Between(from, to);
            Add(n => new Act.Release(at, n, stop, Resumes: false, Despite: false));
        }
    }
}
