using System.Collections.Concurrent;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Stopping;

/// <summary>What this process remembers of debts between passes: since when it knows those that time settles, by its monotonic clock as a wall clock can be set, and whether they grow fewer.</summary>
/// <remarks>A process that takes a stop over waits from its own first sight of the debt.</remarks>
internal sealed class KnownDebts(TimeProvider time)
{
    private readonly ConcurrentDictionary<StopId, (int Debts, int Barren)> _least = new();
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

    /// <summary>How many passes in a row have left no less owed than the best of them: what a stop waits longer and longer for.</summary>
    /// <param name="stop">The stop.</param>
    /// <param name="debts">How much is owed after this pass.</param>
    /// <param name="begins">Whether its flow was begun with this pass.</param>
    /// <returns>1 after a first pass, and after one that left less owed than ever.</returns>
    public int Barren(StopId stop, int debts, bool begins) => _least.AddOrUpdate(
        stop,
        static (_, now) => (now.Debts, 1),
        static (_, before, now) => now.Begins || now.Debts < before.Debts ? (now.Debts, 1) : (before.Debts, before.Barren + 1),
        (Debts: debts, Begins: begins)).Barren;

    /// <summary>Nothing of a stop is owed any more.</summary>
    public void Forget(StopId stop)
    {
        _least.TryRemove(stop, out _);
        foreach (var key in _known.Keys.Where(k => k.Stop == stop))
        {
            _known.TryRemove(key, out _);
        }
    }
}
