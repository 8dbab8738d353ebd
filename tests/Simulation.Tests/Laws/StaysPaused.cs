using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 1 for strategies: a resume lifts a pause where the gate is open, and none where a stop holds it closed.</summary>
public sealed class StaysPaused(Sight sight) : Witness(sight)
{
    private readonly Dictionary<StrategyId, ImmutableArray<StrategyPause>> _pauses = [];

    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        if (number.Kind is not (NumberKind.Paused or NumberKind.Resumed))
        {
            return;
        }

        foreach (var owned in Sight.Plan.Strategies)
        {
            var now = Sight.Store.FindStrategy(owned.Id)?.Pauses ?? [];
            foreach (var lifted in _pauses.GetValueOrDefault(owned.Id, []).Where(p => !now.Contains(p)))
            {
                // A latch that spares a part may spare this strategy.
                if (number.Kind == NumberKind.Resumed && Sight.Store.Latches.FirstOrDefault(l => l.Target == lifted.Target && l.Except.IsDefaultOrEmpty) is { } latch)
                {
                    Sight.Broken(1, $"strategy {owned.Id} was resumed within {lifted.Target}, whose gate stop {latch.Stop} holds closed");
                }
            }

            _pauses[owned.Id] = now;
        }
    }
}
