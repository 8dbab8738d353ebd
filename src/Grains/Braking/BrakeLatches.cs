using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Braking;

/// <summary>The stops that hold in this process's memory because the ledger has not got them. Asked before each admission and each send.</summary>
public sealed class BrakeLatches
{
    private readonly Lock _turn = new();
    private volatile Stop[] _held = [];
    private volatile bool _isShut;

    /// <summary>Whether this process may write no order any more, whatever it is for: it is about to end.</summary>
    public bool IsShut => _isShut;

    /// <summary>The stop because of which nothing is admitted, or <c>null</c>.</summary>
    public Stop? First => _held is [var first, ..] ? first : null;

    /// <summary>The stop that takes back the right to send such an order, or <c>null</c>.</summary>
    public Stop? Refusing(OrderTerms terms)
    {
        foreach (var stop in _held)
        {
            if (stop.HoldsLatch && stop.Covers(terms))
            {
                return stop;
            }
        }

        return null;
    }

    /// <summary>Takes back, for good, this process's right to send orders.</summary>
    public void Shut() => _isShut = true;

    /// <summary>Holds from now on; the same stop twice is held once.</summary>
    public void Add(Stop stop)
    {
        lock (_turn)
        {
            _held = [.. _held.Where(s => s.Id != stop.Id), stop];
        }
    }

    /// <summary>Lets go: the ledger has it.</summary>
    public void Remove(StopId stop)
    {
        lock (_turn)
        {
            _held = [.. _held.Where(s => s.Id != stop)];
        }
    }
}
