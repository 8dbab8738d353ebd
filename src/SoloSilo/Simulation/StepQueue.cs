using System.Runtime.InteropServices;

namespace Orleans.Solo.Simulation;

/// <summary>What is due in a history, earliest first; of what is due at the same time, what was asked for first.</summary>
/// <remarks>
/// A heap of its own, as every step goes through it. It moves numbers only: what they stand for stays where it was put,
/// as moving references costs the collector's bookkeeping each time.
/// </remarks>
internal sealed class StepQueue
{
    private const int Children = 4;
    private Due[] _heap = new Due[256];
    private Step[] _steps = new Step[256];
    private int[] _free = new int[256];
    private int _count;
    private int _frees;
    private int _used;

    public void Add(long at, long order, in Step step)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
            Array.Resize(ref _steps, _count * 2);
            Array.Resize(ref _free, _count * 2);
        }

        var place = _frees > 0 ? _free[--_frees] : _used++;
        _steps[place] = step;
        Rise(new(at, order, place));
    }

    public bool TryTake(out long at, out long order, out Step first)
    {
        if (_count == 0)
        {
            (at, order, first) = (0, 0, default);
            return false;
        }

        ref readonly var due = ref _heap[0];
        (at, order) = (due.At, due.Order);
        first = _steps[due.Place];
        _steps[due.Place] = default; // Or it would keep alive what it holds.
        _free[_frees++] = due.Place;
        var last = _heap[--_count];
        if (_count > 0)
        {
            Sink(last);
        }

        return true;
    }

    private void Rise(in Due due)
    {
        var heap = _heap;
        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) / Children;
            if (!due.ComesBefore(heap[parent]))
            {
                break;
            }

            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = due;
    }

    private void Sink(in Due due)
    {
        var heap = _heap;
        var at = 0;
        while (true)
        {
            var least = (at * Children) + 1;
            if (least >= _count)
            {
                break;
            }

            var end = Math.Min(least + Children, _count);
            for (var child = least + 1; child < end; child++)
            {
                if (heap[child].ComesBefore(heap[least]))
                {
                    least = child;
                }
            }

            if (!heap[least].ComesBefore(due))
            {
                break;
            }

            heap[at] = heap[least];
            at = least;
        }

        heap[at] = due;
    }

    /// <summary>Something that happens: in a process, or in none.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly struct Step(SimulatedProcess? process, Delegate action, object? state)
    {
        public SimulatedProcess? Process { get; } = process;

        /// <summary>Whether nothing would happen in it.</summary>
        public bool IsOver => SimulatedTime.IsOver(action, state);

        public void Run()
        {
            if (action is Action step)
            {
                step();
            }
            else
            {
                ((Action<object?>)action)(state);
            }
        }
    }

    /// <summary>When it is due, and where it lies.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Due(long at, long order, int place)
    {
        public long At { get; } = at;

        public long Order { get; } = order;

        public int Place { get; } = place;

        public bool ComesBefore(in Due other) => At < other.At || (At == other.At && Order < other.Order);
    }
}
