using System.Collections.Frozen;
using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Gate;

/// <summary>The latches and pauses as of one number. Immutable; a newer view replaces it.</summary>
/// <remarks>The fence is the ledger's row, not this view: it saves a send that is known to be too late, and answers questions.</remarks>
public sealed class GateView
{
    private readonly FrozenDictionary<StopTarget, ImmutableArray<Latch>> _latches;
    private readonly FrozenDictionary<(StrategyId Strategy, StopTarget Target), StrategyPause> _pauses;

    /// <summary>Makes a view.</summary>
    /// <param name="number">The last number drawn.</param>
    /// <param name="latches">Every latch held.</param>
    /// <param name="pauses">Every pause in force.</param>
    public GateView(long number, IEnumerable<Latch> latches, IEnumerable<StrategyPause> pauses)
    {
        Number = number;
        _latches = latches.GroupBy(l => l.Target).ToFrozenDictionary(g => g.Key, g => g.OrderBy(l => l.Number).ToImmutableArray());
        _pauses = pauses.ToFrozenDictionary(p => (p.Strategy, p.Target));
    }

    /// <summary>Before the ledger was read: nothing may be admitted on the strength of it.</summary>
    public static GateView Unread { get; } = new(-1, [], []);

    /// <summary>The number as of which the view is true.</summary>
    public long Number { get; }

    /// <summary>Number of latches held.</summary>
    public int Held => _latches.Values.Sum(l => l.Length);

    /// <summary>Every latch held.</summary>
    public IEnumerable<Latch> Latches => _latches.Values.SelectMany(l => l);

    /// <summary>The latches on one target itself.</summary>
    public ImmutableArray<Latch> On(StopTarget target) => _latches.TryGetValue(target, out var held) ? held : [];

    /// <summary>The first latch that refuses such an order, or <c>null</c>.</summary>
    public Latch? Refusing(OrderTerms terms)
    {
        if (_latches.Count == 0)
        {
            return null;
        }

        foreach (var target in StopTarget.AllOf(terms))
        {
            if (_latches.TryGetValue(target, out var held))
            {
                return held[0];
            }
        }

        return null;
    }

    /// <summary>The pause that refuses such an order, or <c>null</c>.</summary>
    public StrategyPause? Pausing(OrderTerms terms)
    {
        if (_pauses.Count == 0 || terms.Strategy is not { } strategy)
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
}
