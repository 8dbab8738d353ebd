namespace EmergencyStop.Ledger.Rows;

/// <summary>Wakes one thread. A signal that nobody waits for is kept for the next wait.</summary>
internal sealed class Signal
{
    private readonly object _lock = new();
    private bool _set;

    public void Set()
    {
        lock (_lock)
        {
            _set = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Sleeps until there is a signal, and takes it, or until the time is over.</summary>
    public void Wait(TimeSpan atMost)
    {
        lock (_lock)
        {
            if (!_set)
            {
                Monitor.Wait(_lock, atMost);
            }

            _set = false;
        }
    }
}
