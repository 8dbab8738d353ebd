using System.Runtime.InteropServices;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>The changes of orders: those of one commit stand and fall together.</content>
public sealed partial class ModelStore
{
    private const int MostLookedAt = 4_000;
    private const int MostOfAPage = 500;
    private const int MostDropped = 64;
    private readonly List<OrderChange> _changes = []; // The one of id 1 is the first.
    private readonly List<Batch> _batches = [];
    private TaskCompletionSource? _nextChange;
    private int _sealed;

    /// <summary>The newest id; 0 where there was none yet.</summary>
    public long LastChange => _sealed;

    /// <summary>Each change of an order, as the row was after it; pruned ones too.</summary>
    internal IReadOnlyList<OrderChange> Changes => _changes;

    /// <summary>Done with the next commit that brings a change.</summary>
    public Task NextChange => (_nextChange ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>A page of changes after an id.</summary>
    public OrderEventPage OrderEvents(OrderEventQuery query)
    {
        var (found, through, looked) = (new List<OrderEvent>(), query.After, 0);
        for (var i = Math.Max(0, _batches.FindLastIndex(b => b.First <= query.After + 1)); i < _batches.Count; i++)
        {
            var (first, count, _) = _batches[i];
            for (var id = first; id < first + count; id++)
            {
                var (kind, after) = _changes[(int)id - 1];
                if (id > query.After && Matches(query, after))
                {
                    found.Add(new(id, kind, after.UpdatedAt, Over(after)));
                }
            }

            through = Math.Max(through, first + count - 1);
            looked += count;
            if (looked >= MostLookedAt || found.Count >= MostOfAPage)
            {
                break;
            }
        }

        return new([.. found], through, _batches.Count > 0 ? _batches[0].First : 1, LastChange);
    }

    /// <summary>The admissions and rejections of a stretch after an id.</summary>
    public OrderCountPage OrderCounts(long after)
    {
        var (found, through, looked) = (new List<CountedOrder>(), after, 0);
        for (var i = Math.Max(0, _batches.FindLastIndex(b => b.First <= after + 1)); i < _batches.Count && looked < MostLookedAt; i++)
        {
            var (first, count, _) = _batches[i];
            for (var id = Math.Max(first, after + 1); id < first + count; id++)
            {
                var (kind, order) = _changes[(int)id - 1];
                if (kind is OrderEventKind.Admitted or OrderEventKind.Rejected)
                {
                    found.Add(new(id, order.UpdatedAt, order.Terms.User, order.Terms.Strategy, kind == OrderEventKind.Rejected));
                }
            }

            (through, looked) = (Math.Max(through, first + count - 1), looked + count);
        }

        return new([.. found], through, LastChange);
    }

    /// <summary>Drops what is old, but never the last commit's.</summary>
    /// <returns>Whether more is to be dropped.</returns>
    public bool PruneOrderEvents(DateTimeOffset before, long most)
    {
        var (last, old) = (LastChange, Values.Micros(before));
        var keep = _batches.Take(MostDropped).Where(b => !((b.At < old || b.First + b.Count <= last - most + 1) && b.First + b.Count - 1 < last)).ToList();
        var looked = Math.Min(MostDropped, _batches.Count);
        _batches.RemoveRange(0, looked);
        _batches.InsertRange(0, keep);
        return looked - keep.Count == MostDropped;
    }

    private static bool Matches(OrderEventQuery query, Order order) =>
        (query.User is null || order.Terms.User == query.User)
        && (query.Strategy is null || order.Terms.Strategy == query.Strategy)
        && (query.Symbol is null || order.Terms.Symbol == query.Symbol);

    /// <summary>The order as it was after a change. When it ended is not kept with the change.</summary>
    private Order Over(Order after) =>
        after with { EndedAfter = after.State.IsActive() ? null : _orders[_orderPlaces[after.Id.Value]].EndedAfter };

    private void Tell(OrderChange? change)
    {
        if (change is { } told)
        {
            _changes.Add(told);
        }
    }

    private void SealChanges()
    {
        if (_changes.Count > _sealed)
        {
            _batches.Add(new(_sealed + 1, _changes.Count - _sealed, Values.Micros(_changes[^1].After.UpdatedAt)));
            _sealed = _changes.Count;
            var waiting = _nextChange;
            _nextChange = null;
            waiting?.TrySetResult();
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Batch(long First, int Count, long At);
}
