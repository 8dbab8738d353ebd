using System.Collections.Concurrent;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Stopping;

/// <summary>How long this process has known of debts that time settles, by its monotonic clock: a wall clock can be set.</summary>
/// <remarks>A process that takes a stop over waits from its own first sight of the debt.</remarks>
internal sealed class KnownDebts(TimeProvider time)
{
    private readonly ConcurrentDictionary<(StopId Stop, ObligationKind Kind, string Item), (DateTimeOffset At, long Since)> _known = new();

    /// <summary>How long is left of the wait that a debt asks for, from when it was recorded to its next try.</summary>
    /// <returns>Zero when it is over; the first look at a debt begins the wait.</returns>
    public TimeSpan Left(StopId stop, ItemOutcome debt)
    {
        var (_, since) = _known.AddOrUpdate(
            (stop, debt.Kind, debt.Item),
            static (_, now) => now,
            static (_, known, now) => known.At == now.At ? known : now, // Another asking: another wait.
            (debt.At, Since: time.GetTimestamp()));
        var left = (debt.NextTry - debt.At ?? TimeSpan.Zero) - time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Nothing of a stop is owed any more.</summary>
    public void Forget(StopId stop)
    {
        foreach (var key in _known.Keys.Where(k => k.Stop == stop))
        {
            _known.TryRemove(key, out _);
        }
    }
}
