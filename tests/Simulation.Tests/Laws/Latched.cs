using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Simulation.Tests.Ledger;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Laws;

/// <summary>Law 3: a gate that is closed is closed still when a process has started, and a process that has not heard of the latches admits nothing (F17).</summary>
public sealed class Latched(Sight sight) : Witness(sight)
{
    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);
    private readonly HashSet<(StopId Stop, string Target)> _held = [];

    /// <inheritdoc/>
    public override void HeardLedger(string process) => _heard.Add(process);

    /// <inheritdoc/>
    public override void Admitted(Order order, string process)
    {
        if (!_heard.Contains(process))
        {
            Sight.Broken(3, $"order {order.Id} was admitted by {process}, which has heard nothing of the latches since it started");
        }
    }

    /// <inheritdoc/>
    public override void Drawn(DrawnNumber number)
    {
        if (number.Kind is NumberKind.Engaged or NumberKind.Released or NumberKind.Narrowed)
        {
            Note();
        }
    }

    /// <summary>Starting a process changes nothing in the ledger: what was held is held.</summary>
    public override void Started(string process)
    {
        foreach (var (stop, target) in _held)
        {
            if (!Sight.Store.Latches.Any(l => l.Stop == stop && l.Target.Value == target))
            {
                Sight.Broken(3, $"stop {stop} holds {target}, and since {process} has started the gate is open");
            }
        }
    }

    /// <summary>By what the stops say of themselves, and not by the gate.</summary>
    private void Note()
    {
        _held.Clear();
        foreach (var stop in Sight.Store.Stops.Select(s => s.Stop))
        {
            foreach (var target in stop.LatchedTargets)
            {
                _held.Add((stop.Id, target.Value));
            }
        }
    }
}
