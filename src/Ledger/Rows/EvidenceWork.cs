using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Writes evidence and outcomes, cut into slices; what belongs to one item is never cut.</summary>
internal sealed class EvidenceWork
{
    private readonly StopId? _stop;
    private readonly ImmutableArray<OrderEvidence> _evidence;
    private readonly List<(List<int> Evidence, ItemOutcome? Outcome)> _units = [];
    private readonly Order?[] _rows;
    private readonly DateTimeOffset _at;
    private readonly List<ItemOutcome> _written = [];
    private OutcomeCounts _change;
    private Stop? _found;

    public EvidenceWork(StopId? stop, ImmutableArray<OrderEvidence> evidence, ImmutableArray<ItemOutcome> outcomes, DateTimeOffset at)
    {
        (_stop, _evidence, _at) = (stop, evidence, at);
        _rows = new Order?[evidence.Length];
        var byOrder = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < evidence.Length; i++)
        {
            if (byOrder.TryGetValue(evidence[i].Order.Value, out var unit))
            {
                _units[unit].Evidence.Add(i);
            }
            else
            {
                byOrder.Add(evidence[i].Order.Value, _units.Count);
                _units.Add(([i], null));
            }
        }

        foreach (var outcome in outcomes)
        {
            var paid = outcome.Kind == ObligationKind.Order && byOrder.Remove(outcome.Item, out var unit) ? unit : -1;
            if (paid >= 0)
            {
                _units[paid] = (_units[paid].Evidence, outcome);
            }
            else
            {
                _units.Add(([], outcome));
            }
        }
    }

    /// <summary>The job; without items there is none.</summary>
    public SlicedJob<ImmutableArray<Order>>? Job() => _units.Count == 0 ? null : new(_units.Count, Work, Seal, Rows, Begin, Announce);

    private ImmutableArray<Order> Rows() => [.. _rows.OfType<Order>()];

    private void Announce(RowsWanted wanted, int from, int to)
    {
        for (var i = from; i < to && !wanted.IsFull; i++)
        {
            var (evidence, outcome) = _units[i];
            foreach (var place in evidence)
            {
                wanted.Orders.Add(_evidence[place].Order.Value);
            }

            if (outcome is { Kind: ObligationKind.Order } && _stop is { } stop)
            {
                wanted.Outcomes.Add((stop.Value, outcome.Item));
            }
        }
    }

    private void Work(LedgerTransaction transaction, int index)
    {
        var (evidence, outcome) = _units[index];
        foreach (var i in evidence)
        {
            _rows[i] = Apply(transaction, _evidence[i], _stop);
        }

        if (outcome is not null && _stop is { } stop)
        {
            _found ??= StopRows.Get(transaction.Session, stop);
            var (written, change) = OutcomeRows.Upsert(transaction, _found, outcome);
            if (written)
            {
                _written.Add(outcome);
                _change += change;
            }
        }
    }

    private void Begin()
    {
        _written.Clear();
        (_change, _found) = (default, null);
    }

    private void Seal(LedgerTransaction transaction, int from, int to)
    {
        if (_found is not null)
        {
            OutcomeRows.Seal(transaction, _found, _written, _change, _at);
        }
    }

    private static void Note(LedgerTransaction transaction, Order before, Order after)
    {
        if (after.State == OrderState.Open && before.State is OrderState.InFlight or OrderState.Unknown)
        {
            transaction.HasCleared(after);
        }

        if (!after.State.IsActive())
        {
            transaction.HasEnded(after);
        }
        else if (!before.State.IsActive())
        {
            transaction.HasReopened(after);
        }
        else if (before.VenueOrderId != after.VenueOrderId)
        {
            transaction.HasBegun(after);
        }
    }

    private static Order? Apply(LedgerTransaction transaction, OrderEvidence evidence, StopId? sweeping)
    {
        var session = transaction.Session;
        if (OrderRows.Find(session, evidence.Order) is not { } before)
        {
            return null;
        }

        var stored = evidence with { At = Values.Stored(evidence.At), SentAt = Values.Time(Values.Micros(evidence.SentAt)) };
        var after = OrderTransition.Apply(before, stored, transaction.Number);
        if (!ReferenceEquals(before, after))
        {
            OrderRows.Update(session, before, after);
            PositionRows.Attribute(session, before, after);
            Note(transaction, before, after);
            transaction.Tell(OrderChange.Between(before, after));
            if (before.State == OrderState.NeverSent && after.State != OrderState.NeverSent)
            {
                ReopenWork.Reopen(transaction, after);
            }

            if (after.FilledQuantity > before.FilledQuantity && (sweeping ?? (after.Origin == OrderOrigin.Adopted ? after.Stop : null)) is { } stop)
            {
                ReopenWork.OwePosition(transaction, StopRows.Get(session, stop), after);
            }

            // That the venue shows the replacement proves that the order before it is no more: both are one commit.
            if (after.Replaces is { } old && before.VenueOrderId is null && after.VenueOrderId is not null)
            {
                _ = Apply(transaction, new(old, OrderState.Replaced, stored.At, Reason: $"replaced by {after.Id}"), sweeping);
            }
        }

        return after;
    }
}
