using EmergencyStop.Ids;
using EmergencyStop.Simulation.Tests.Ledger;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 10: what was released stays so; a stop that comes off the spool late latches nothing again.</summary>
public sealed class StaysReleased(Sight sight) : Witness(sight)
{
    private readonly HashSet<StopId> _released = [];

    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        Look();
        if (number.Kind == NumberKind.Released)
        {
            _released.Add(StopId.Parse(number.Subject));
        }
    }

    /// <inheritdoc/>
    public override void Over() => Look();

    private void Look()
    {
        foreach (var stop in _released)
        {
            if (Sight.Store.FindStop(stop) is { HoldsLatch: true } again)
            {
                Sight.Broken(10, $"stop {stop} was released, and holds {again.Target} again");
            }
        }
    }
}
