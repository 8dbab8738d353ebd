using System.Runtime.InteropServices;

namespace EmergencyStop.Grains.Risk;

/// <summary>Orders admitted and rejected within a sliding window, in slots: as little memory however many there are.</summary>
/// <param name="window">How long; what is counted reaches back so far, and a slot more at most.</param>
internal sealed class OrderCounts(TimeSpan window)
{
    private const int Slots = 50;

    private readonly TimeSpan _slot = window / Slots;
    private readonly Queue<Slot> _slots = new();
    private Slot _newest;

    /// <summary>How many were admitted.</summary>
    public int Admitted { get; private set; }

    /// <summary>How many were rejected.</summary>
    public int Rejected { get; private set; }

    /// <summary>The window.</summary>
    public TimeSpan Window => window;

    /// <summary>Counts one.</summary>
    public void Add(DateTimeOffset at, bool rejected)
    {
        var number = at.UtcTicks / _slot.Ticks;
        if (number > _newest.Number)
        {
            Keep();
            _newest = new(number, 0, 0);
        }

        // What comes late is counted with the newest: it is no older than a page of changes.
        _newest = rejected ? _newest with { Rejected = _newest.Rejected + 1 } : _newest with { Admitted = _newest.Admitted + 1 };
        Admitted += rejected ? 0 : 1;
        Rejected += rejected ? 1 : 0;
    }

    /// <summary>Drops what the window has left behind.</summary>
    public void Pass(DateTimeOffset now)
    {
        var oldest = (now.UtcTicks / _slot.Ticks) - Slots;
        while (_slots.TryPeek(out var slot) && slot.Number < oldest)
        {
            Drop(_slots.Dequeue());
        }

        if (_newest.Number < oldest)
        {
            Drop(_newest);
            _newest = default;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _slots.Clear();
        (_newest, Admitted, Rejected) = (default, 0, 0);
    }

    private void Keep()
    {
        if (_newest != default)
        {
            _slots.Enqueue(_newest);
        }
    }

    private void Drop(Slot slot)
    {
        Admitted -= slot.Admitted;
        Rejected -= slot.Rejected;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slot(long Number, int Admitted, int Rejected);
}
