using System.Collections.Immutable;
using System.Runtime.InteropServices;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>What evidence does to an order.</content>
public sealed partial class ModelStore
{
    private Order? Apply(OrderEvidence evidence, StopId? sweeping)
    {
        if (FindOrder(evidence.Order) is not { } before)
        {
            return null;
        }

        var stored = evidence with { At = Values.Stored(evidence.At), SentAt = Values.Time(Values.Micros(evidence.SentAt)) };
        var after = OrderTransition.Apply(before, stored, Number);
        if (ReferenceEquals(before, after))
        {
            return after;
        }

        Update(before, after);
        Attribute(before, after);
        if (before.State == OrderState.NeverSent && after.State != OrderState.NeverSent)
        {
            Reopen(after);
        }

        if (after.FilledQuantity > before.FilledQuantity && (sweeping ?? (after.Origin == OrderOrigin.Adopted ? after.Stop : null)) is { } stop)
        {
            OwePosition(Get(stop), after);
        }

        // That the venue shows the replacement proves that the order before it is no more: both are one commit.
        if (after.Replaces is { } old && before.VenueOrderId is null && after.VenueOrderId is not null)
        {
            _ = Apply(new(old, OrderState.Replaced, stored.At, Reason: $"replaced by {after.Id}"), sweeping);
        }

        return after;
    }

    /// <summary>Evidence and outcomes to write, cut into slices; what belongs to one item is never cut.</summary>
    internal sealed class EvidenceWork
    {
        private readonly ModelStore _store;
        private readonly StopId? _stop;
        private readonly ImmutableArray<OrderEvidence> _evidence;
        private readonly List<Unit> _units;
        private readonly Order?[] _rows;
        private readonly DateTimeOffset _at;
        private readonly List<ItemOutcome> _written = [];
        private Stop? _found;
        private int _done;

        public EvidenceWork(ModelStore store, StopId? stop, ImmutableArray<OrderEvidence> evidence, ImmutableArray<ItemOutcome> outcomes, DateTimeOffset at)
        {
            (_store, _stop, _evidence, _at) = (store, stop, evidence, at);
            _rows = new Order?[evidence.Length];
            _units = new(evidence.Length + outcomes.Length);
            var byOrder = evidence.Length + outcomes.Length > 1 ? new Dictionary<string, int>(evidence.Length, StringComparer.Ordinal) : null;
            for (var i = 0; i < evidence.Length; i++)
            {
                if (byOrder is not null && !byOrder.TryAdd(evidence[i].Order.Value, _units.Count))
                {
                    var unit = byOrder[evidence[i].Order.Value];
                    _units[unit] = _units[unit] with { More = [.. _units[unit].More, i] };
                }
                else
                {
                    _units.Add(new(i, [], null));
                }
            }

            foreach (var outcome in outcomes)
            {
                if (outcome.Kind == ObligationKind.Order && byOrder?.Remove(outcome.Item, out var unit) == true)
                {
                    _units[unit] = _units[unit] with { Outcome = outcome };
                }
                else
                {
                    _units.Add(new(null, [], outcome));
                }
            }
        }

        public bool IsDone => _done >= _units.Count;

        public ImmutableArray<Order> Rows() => [.. _rows.OfType<Order>()];

        /// <summary>Writes one slice: one transaction.</summary>
        public bool Run(int cut)
        {
            var to = Math.Min(_done + cut, _units.Count);
            ThrowIfUnfounded(to);
            var change = default(OutcomeCounts);
            for (; _done < to; _done++)
            {
                change += Work(_units[_done]);
            }

            if (_found is not null)
            {
                _store.SealOutcomes(_found, _written, change, _at);
            }

            _written.Clear();
            return true;
        }

        private OutcomeCounts Work(Unit unit)
        {
            if (unit.Evidence is { } first)
            {
                _rows[first] = _store.Apply(_evidence[first], _stop);
                foreach (var i in unit.More)
                {
                    _rows[i] = _store.Apply(_evidence[i], _stop);
                }
            }

            if (unit.Outcome is null || _stop is not { } stop)
            {
                return default;
            }

            _found ??= _store.Get(stop).Stop;
            var (written, change) = _store.Upsert(_found, unit.Outcome);
            if (written)
            {
                _written.Add(unit.Outcome);
            }

            return change;
        }

        /// <summary>A stop that is not there is the caller's bug, found before anything of the slice is written.</summary>
        private void ThrowIfUnfounded(int to)
        {
            if (_stop is not { } stop || _store.RowOf(stop) is not null)
            {
                return;
            }

            for (var i = _done; i < to; i++)
            {
                var (first, more, outcome) = _units[i];
                if (outcome is not null || (first is { } e && Grows(e)) || more.Any(Grows))
                {
                    _ = _store.Get(stop);
                }
            }
        }

        private bool Grows(int evidence) =>
            _store.FindOrder(_evidence[evidence].Order) is { } order && _evidence[evidence].FilledQuantity > order.FilledQuantity;

        /// <summary>What belongs to one item: the places of its evidence, and the outcome that this pays.</summary>
        [StructLayout(LayoutKind.Auto)]
        private readonly record struct Unit(int? Evidence, ImmutableArray<int> More, ItemOutcome? Outcome);
    }
}
