using System.Runtime.InteropServices;

namespace Orleans.Solo.Simulation;

/// <summary>What is due in a history, earliest first; of what is due at the same time, what was asked for first.</summary>
/// <remarks>A heap of its own, as every step goes through it and comparing two numbers inline halves its cost.</remarks>
internal sealed class StepQueue
{
    private const int Children = 4;
    private Step[] _heap = new Step[256];
    private int _count;

    public void Add(in Step step)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) / Children;
            if (!step.ComesBefore(_heap[parent]))
            {
                break;
            }

            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = step;
    }

    public bool TryTake(out Step first)
    {
        if (_count == 0)
        {
            first = default;
            return false;
        }

        first = _heap[0];
        var last = _heap[--_count];
        _heap[_count] = default; // Or it would keep alive what it holds.
        if (_count > 0)
        {
            Sink(last);
        }

        return true;
    }

    private void Sink(in Step step)
    {
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
                if (_heap[child].ComesBefore(_heap[least]))
                {
                    least = child;
                }
            }

            if (!_heap[least].ComesBefore(step))
            {
                break;
            }

            _heap[at] = _heap[least];
            at = least;
        }

        _heap[at] = step;
    }

    /// <summary>Something that is due.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly struct Step(long at, long order, SimulatedProcess? process, Delegate action, object? state)
    {
        public long At { get; } = at;

        public SimulatedProcess? Process { get; } = process;

        private long Order { get; } = order;

        public bool ComesBefore(in Step other) => At < other.At || (At == other.At && Order < other.Order);

        public Step Later(long later) => new(later, Order, Process, action, state);

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
}
