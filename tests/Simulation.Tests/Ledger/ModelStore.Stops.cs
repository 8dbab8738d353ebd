using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>The stops' rows, and what they owe.</content>
public sealed partial class ModelStore
{
    private readonly List<ModelStop> _stops = []; // By number.
    private readonly Dictionary<string, ModelStop> _stopsById = new(StringComparer.Ordinal);
    private readonly Dictionary<(string KeyId, string Key), ModelStop> _stopsByKey = [];

    /// <summary>Every stop, by number.</summary>
    public IReadOnlyList<ModelStop> Stops => _stops;

    /// <summary>One stop with all that is kept of it.</summary>
    public ModelStop? RowOf(StopId stop) => _stopsById.GetValueOrDefault(stop.Value);

    /// <summary>One stop.</summary>
    public Stop? FindStop(StopId stop) => RowOf(stop)?.Stop;

    /// <summary>Every stop that holds a latch, over something of one user's if one is named, by number.</summary>
    public ImmutableArray<Stop> HoldingStops(UserId? over) =>
        [.. _stops.Select(s => s.Stop).Where(s => s.LatchedTargets.Any(t => over is null || t.User is null || t.User == over))];

    /// <summary>The orders of its unmet outcomes, by number.</summary>
    public ImmutableArray<Order> UnmetOrders(StopId stop) =>
    [
        .. OutcomesOf(stop).Where(o => o.Kind == ObligationKind.Order && !o.Outcome.IsMet())
            .Select(o => FindOrder(OrderId.Parse(o.Item))).OfType<Order>().OrderBy(o => o.Number),
    ];

    /// <summary>Its outcomes, by kind and item.</summary>
    public ImmutableArray<ItemOutcome> OutcomesOf(StopId stop) => RowOf(stop)?.Outcomes.Sorted ?? [];

    /// <summary>Every stop that is not completed, by number.</summary>
    public ImmutableArray<Stop> UnfinishedStops() => [.. _stops.Where(s => s.Stop.State != StopState.Completed).Select(s => s.Stop)];

    /// <summary>The last stops on one target, newest first.</summary>
    public ImmutableArray<Stop> StopsOn(StopTarget target, int limit) => [.. NewestFirst().Where(s => s.Stop.Target == target).Take(limit).Select(s => s.Stop)];

    /// <summary>A page of the history, newest first.</summary>
    public Page<StopSummary> History(HistoryQuery query, long before)
    {
        var rows = NewestFirst().Where(s => s.Stop.Number < before && (query.User is null || s.Book == query.User)).Take(query.Limit + 1)
            .Select(s => new StopSummary(s.Stop, s.Book, s.Counts.OrdersCancelled, s.Counts.StrategiesPaused, s.Counts.PositionsClosed)).ToList();
        return rows.Count > query.Limit
            ? new([.. rows.Take(query.Limit)], Cursor.Of(rows[query.Limit - 1].Stop.Number))
            : new([.. rows], null);
    }

    /// <summary>The figures of <c>/status</c>.</summary>
    public StopCounts Counts() => new(_stops.Count, CountOf(StopState.Completed), CountOf(StopState.Working), CountOf(StopState.Outstanding));

    /// <summary>Unmet outcomes of all stops, by kind and outcome.</summary>
    public ImmutableArray<UnmetFigures> UnmetFigures() =>
    [
        .. _stops.SelectMany(s => s.Outcomes.Sorted.Where(o => !o.Outcome.IsMet()).Select(o => (o.Kind, o.Outcome, s.Stop.Request.RequestedAt)))
            .GroupBy(u => (u.Kind, u.Outcome)).OrderBy(g => g.Key)
            .Select(g => new UnmetFigures(g.Key.Kind, g.Key.Outcome, g.LongCount(), g.Min(u => u.RequestedAt))),
    ];

    /// <summary>The active orders in scope numbered before the stop, and those that it has adopted; by user and number.</summary>
    public ImmutableArray<Order> Owed(Stop stop, bool includeProtective, int? partition)
    {
        var owed = new List<Order>();
        TakeOwed(owed, stop, includeProtective, partition);
        return [.. owed];
    }

    /// <summary>Orders that were alive at the stop's number, or adopted for it, have ended since, and have no met outcome.</summary>
    public ImmutableArray<Order> EndedMeanwhile(Stop stop)
    {
        var (row, upTo) = (RowOf(stop.Id), stop.OwesUpTo);
        var found = new List<Order>();
        foreach (var order in _orders)
        {
            if (order.Number < upTo ? order.EndedAfter >= stop.Number && order.Origin != OrderOrigin.Closing && stop.OwedBeforeItsEnd(order) : false)
            {
                AddUnlessMet(found, row, stop, order);
            }
        }

        foreach (var place in row?.Adopted ?? [])
        {
            if (_orders[place].EndedAfter is not null && !stop.Owes(_orders[place]))
            {
                AddUnlessMet(found, row, stop, _orders[place]);
            }
        }

        SortByUser(found);
        return [.. found];
    }

    /// <summary>Orders that are taken to have never been sent by inference, since then.</summary>
    public ImmutableArray<Order> Inferred(DateTimeOffset since)
    {
        var from = Values.Stored(since);
        var orders = _orders.FindAll(o => o.UpdatedAt >= from && OrderEvidence.IsInferred(o));
        SortByUser(orders);
        return [.. orders];
    }

    private static void SortByUser(List<Order> orders) => orders.Sort(static (a, b) =>
        string.CompareOrdinal(a.Terms.User.Value, b.Terms.User.Value) is not 0 and var user ? user : a.Number.CompareTo(b.Number));

    private static void AddUnlessMet(List<Order> found, ModelStop? row, Stop stop, Order order)
    {
        if (stop.Covers(order.Terms) && row?.Outcomes.IsMet(ObligationKind.Order, order.Id.Value) != true)
        {
            found.Add(order);
        }
    }

    private IEnumerable<ModelStop> NewestFirst()
    {
        for (var i = _stops.Count - 1; i >= 0; i--)
        {
            yield return _stops[i];
        }
    }

    private long CountOf(StopState state) => _stops.Count(s => s.Stop.State == state);

    /// <summary>The stop's row, or the caller's bug.</summary>
    private ModelStop Get(StopId stop) => RowOf(stop) ?? throw new ArgumentException($"There is no stop {stop}.", nameof(stop));

    private void TakeOwed(List<Order> owed, Stop stop, bool includeProtective, int? partition)
    {
        var row = RowOf(stop.Id);
        if (Has(LedgerBug.ReleaseDropsObligations) && row?.Stop.Release is not null)
        {
            return;
        }

        var beyond = Has(LedgerBug.NumbersAfterRelease);
        TakeActive(owed, stop.Target, partition, beyond ? long.MaxValue : stop.OwesUpTo);
        owed.RemoveAll(o => !(beyond ? stop.Covers(o.Terms) : stop.Owes(o)));
        if (row is { Adopted.Count: > 0 })
        {
            owed.AddRange(row.Adopted.Select(p => _orders[p]).Where(o => o.State.IsActive() && stop.Covers(o.Terms) && !(beyond || stop.Owes(o))
                && (partition is null || Partitions.Of(o.Terms.User) == partition)));
            SortByUser(owed);
        }

        owed.RemoveAll(o => o.Origin == OrderOrigin.Closing || (!includeProtective && stop.Options.KeepProtective && o.Terms.Protective && !Has(LedgerBug.ProtectiveOwed))
            || row?.Outcomes.IsWaived(o.Id.Value) == true);
    }

    private bool OwesAny(ModelStop row) => !(Has(LedgerBug.ReleaseDropsObligations) && row.Stop.Release is not null)
        && (row.Outcomes.Unmet > 0 || (row.Stop.Options.CancelOrders && !Owed(row.Stop, includeProtective: false, partition: null).IsEmpty));
}
