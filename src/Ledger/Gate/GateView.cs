using System.Collections.Immutable;
using System.Runtime.InteropServices;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Gate;

/// <summary>The latches and pauses as of one number. Immutable; a newer view replaces it.</summary>
/// <remarks>The fence is the ledger's row, not this view: it saves a send that is known to be too late, and answers questions.</remarks>
public sealed class GateView
{
    private readonly ImmutableDictionary<StopTarget, ImmutableArray<Latch>> _latches;
    private readonly ImmutableDictionary<(StrategyId Strategy, StopTarget Target), StrategyPause> _pauses;
    private readonly Roll _roll;

    /// <summary>Makes a view.</summary>
    /// <param name="number">The last number drawn.</param>
    /// <param name="latches">Every latch held.</param>
    /// <param name="pauses">Every pause in force.</param>
    public GateView(long number, IEnumerable<Latch> latches, IEnumerable<StrategyPause> pauses)
        : this(
            number,
            latches.GroupBy(l => l.Target).ToImmutableDictionary(g => g.Key, g => g.OrderBy(l => l.Number).ToImmutableArray()),
            pauses.ToImmutableDictionary(p => (p.Strategy, p.Target)))
    {
    }

    private GateView(
        long number,
        ImmutableDictionary<StopTarget, ImmutableArray<Latch>> latches,
        ImmutableDictionary<(StrategyId Strategy, StopTarget Target), StrategyPause> pauses,
        Roll? roll = null) => (Number, _latches, _pauses, _roll) = (number, latches, pauses, roll ?? new(latches));

    /// <summary>Before the ledger was read: nothing may be admitted on the strength of it.</summary>
    public static GateView Unread { get; } = new(-1, Array.Empty<Latch>(), Array.Empty<StrategyPause>());

    /// <summary>The number as of which the view is true.</summary>
    public long Number { get; }

    /// <summary>Number of latches held.</summary>
    public int Held => Latches.Length;

    /// <summary>Every latch held, by number; those of a stop that was narrowed to several targets have one number, and come by target.</summary>
    /// <remarks>An order that no hash code decides, as whoever goes through them does one thing after the other.</remarks>
    public ImmutableArray<Latch> Latches => _roll.Latches;

    /// <summary>Every pause in force.</summary>
    public IEnumerable<StrategyPause> Pauses => _pauses.Values;

    /// <summary>The latches on one target itself.</summary>
    public ImmutableArray<Latch> On(StopTarget target) => _latches.TryGetValue(target, out var held) ? held : [];

    /// <summary>Every latch on a target that such an order belongs to, whether it refuses or spares it, by number and target.</summary>
    public IEnumerable<Latch> Over(OrderTerms terms) => _latches.IsEmpty
        ? []
        : StopTarget.AllOf(terms).SelectMany(t => On(t)).OrderBy(l => l.Number).ThenBy(l => l.Target.Value, StringComparer.Ordinal);

    /// <summary>The pause of one strategy within one target itself, or <c>null</c>.</summary>
    public StrategyPause? PauseOf(StrategyId strategy, StopTarget target) => _pauses.GetValueOrDefault((strategy, target));

    /// <summary>Whether a stop holds the gate closed for such an order.</summary>
    public bool Holds(StopId stop, OrderTerms terms) =>
        !_latches.IsEmpty && StopTarget.AllOf(terms).Any(t => On(t).Any(l => l.Stop == stop && !l.Spares(terms)));

    /// <summary>The first latch that refuses such an order, or <c>null</c>.</summary>
    /// <param name="terms">The order's terms.</param>
    /// <param name="past">Latches of stops numbered up to this are passed; by default none.</param>
    public Latch? Refusing(OrderTerms terms, long past = 0)
    {
        if (_latches.IsEmpty)
        {
            return null;
        }

        foreach (var target in StopTarget.AllOf(terms))
        {
            if (_latches.TryGetValue(target, out var held))
            {
                foreach (var latch in held)
                {
                    if (latch.Number > past && !latch.Spares(terms))
                    {
                        return latch;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The pause that refuses such an order, or <c>null</c>.</summary>
    public StrategyPause? Pausing(OrderTerms terms)
    {
        if (_pauses.IsEmpty || terms.Strategy is not { } strategy)
        {
            return null;
        }

        foreach (var target in StopTarget.AllOf(terms))
        {
            if (_pauses.TryGetValue((strategy, target), out var pause))
            {
                return pause;
            }
        }

        return null;
    }

    /// <summary>The same latches and pauses, true as of a later number.</summary>
    public GateView AsOf(long number) => number == Number ? this : new(number, _latches, _pauses, _roll);

    /// <summary>The view with one latch more.</summary>
    public GateView With(Latch latch) =>
        new(Math.Max(Number, latch.Number), _latches.SetItem(latch.Target, Ordered(On(latch.Target).Add(latch))), _pauses);

    /// <summary>The view without one stop's latch.</summary>
    public GateView Without(StopId stop, StopTarget target)
    {
        var left = On(target).RemoveAll(l => l.Stop == stop);
        return new(Number, left.IsEmpty ? _latches.Remove(target) : _latches.SetItem(target, left), _pauses);
    }

    /// <summary>The view without any latch of one stop.</summary>
    public GateView Without(StopId stop) =>
        Of(stop).Aggregate(this, (view, latch) => view.Without(stop, latch.Target));

    /// <summary>The view in which one stop holds these targets and no others.</summary>
    public GateView Narrowed(StopId stop, ImmutableArray<StopTarget> targets) => Of(stop) is [var latch, ..]
        ? targets.Aggregate(Without(stop), (view, target) => view.With(latch with { Target = target }))
        : this;

    /// <summary>The view in which exactly these parts are carved out of one stop.</summary>
    public GateView Sparing(StopId stop, ImmutableArray<StopTarget> except) =>
        Of(stop).Aggregate(this, (view, latch) => view.Without(stop, latch.Target).With(latch with { Except = except }));

    /// <summary>The view with these pauses more.</summary>
    public GateView With(IEnumerable<StrategyPause> pauses) =>
        new(Number, _latches, _pauses.SetItems(pauses.Select(p => KeyValuePair.Create((p.Strategy, p.Target), p))), _roll);

    private ImmutableArray<Latch> Of(StopId stop) => [.. Latches.Where(l => l.Stop == stop)];

    private static ImmutableArray<Latch> Ordered(ImmutableArray<Latch> held) =>
        held is [.., var before, var last] && before.Number > last.Number ? [.. held.OrderBy(l => l.Number)] : held;

    /// <summary>The view without these pauses.</summary>
    public GateView Without(IEnumerable<StrategyPause> pauses) =>
        new(Number, _latches, _pauses.RemoveRange(pauses.Select(p => (p.Strategy, p.Target))), _roll);

    /// <summary>The latches in order, once somebody asks for them; shared by views that differ in their number only.</summary>
    private sealed class Roll(ImmutableDictionary<StopTarget, ImmutableArray<Latch>> latches)
    {
        private Latch[]? _inOrder;

        public ImmutableArray<Latch> Latches => ImmutableCollectionsMarshal.AsImmutableArray(_inOrder ??=
            latches.IsEmpty ? [] : [.. latches.Values.SelectMany(l => l).OrderBy(l => l.Number).ThenBy(l => l.Target.Value, StringComparer.Ordinal)]);
    }
}
