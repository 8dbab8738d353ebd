using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace EmergencyStop.Venues.Simulated;

/// <summary>Hands changes to observers outside every lock, in the order in which they were put in.</summary>
/// <remarks>
/// One thread at a time delivers; whoever finds it busy leaves. While the link is down changes wait, and come when it
/// is up again, as a drop copy resends what it missed.
/// </remarks>
internal sealed class UpdateOutbox(Func<bool> isDown)
{
    private readonly ConcurrentQueue<VenueOrderReport> _reports = new();
    private ImmutableArray<IVenueObserver> _observers = [];
    private int _delivering;

    public bool HasObservers => !_observers.IsEmpty;

    public void Subscribe(IVenueObserver observer) =>
        ImmutableInterlocked.Update(ref _observers, static (all, one) => all.Add(one), observer);

    public void Put(VenueOrderReport report) => _reports.Enqueue(report);

    public void Deliver()
    {
        // Looked at again after the flag is down: a report put in meanwhile must not wait for the next change.
        while (!_reports.IsEmpty && !isDown() && Interlocked.CompareExchange(ref _delivering, 1, 0) == 0)
        {
            try
            {
                while (!isDown() && _reports.TryDequeue(out var report))
                {
                    foreach (var observer in _observers)
                    {
                        observer.OnOrder(report);
                    }
                }
            }
            finally
            {
                Volatile.Write(ref _delivering, 0);
            }
        }
    }
}
