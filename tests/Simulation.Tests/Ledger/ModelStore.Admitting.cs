using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Admissions, and orders that are put in the place of others.</content>
public sealed partial class ModelStore
{
    private const int LongestChain = 1_000;

    /// <summary>Admits an order.</summary>
    /// <param name="order">The order.</param>
    /// <param name="view">The latches and pauses that decide; <see cref="View"/>, unless a mistake is planted.</param>
    public AdmitAnswer Admit(NewOrder order, GateView view)
    {
        if ((Refusal(order, view) ?? WhyNotReplace(order)) is { } refusal)
        {
            return FindSame(order) is { } same ? new AdmitAnswer.Duplicate(same) : refusal;
        }

        var at = Values.Stored(order.At);
        if (order.Terms.Strategy is { } strategy)
        {
            Know(strategy, order.Terms.User, at);
        }

        if (FindSame(order) is { } standing)
        {
            return new AdmitAnswer.Duplicate(standing);
        }

        var number = Draw(NumberKind.Admitted, order.Id.Value);
        var row = new Order(
            order.Id, order.Terms, order.Account, number, OrderState.InFlight, at, at,
            Origin: order.PastGate is null ? OrderOrigin.Placed : OrderOrigin.PastGate, Stop: order.PastGate?.Stop, Replaces: order.Replaces);
        Insert(row);
        if (order.PastGate is { } past)
        {
            AppendAudit(new(row.AdmittedAt, past.By.DisplayName, "order.past_gate", row.Id.Value, AuditDetails.Of(
                ("number", row.Number), ("stop", past.Stop.Value), ("user", row.Terms.User.Value), ("symbol", row.Terms.Symbol.Value),
                ("side", row.Terms.Side.ToString()), ("quantity", Values.Text(row.Terms.Quantity)), ("reason", past.Reason), ("key_id", past.By.KeyId))));
        }

        return new AdmitAnswer.Admitted(row);
    }

    private AdmitAnswer? Refusal(NewOrder order, GateView view)
    {
        if (order.Replaces is not null && Has(LedgerBug.ReplacementsPassTheGate))
        {
            return null;
        }

        if (order.PastGate is { } past)
        {
            return RefusalPast(order, past, view);
        }

        if (view.Refusing(order.Terms) is { } latch)
        {
            return new AdmitAnswer.GateClosed(latch);
        }

        return view.Pausing(order.Terms) is { } pause ? new AdmitAnswer.StrategyPaused(pause)
            : MassCancelling(order, view) is { } asked ? new AdmitAnswer.GateClosed(asked)
            : null;
    }

    /// <summary>The stop named must hold the gate for this very order; a stop that was engaged after it still refuses.</summary>
    private AdmitAnswer? RefusalPast(NewOrder order, PastGate past, GateView view)
    {
        if (!view.Holds(past.Stop, order.Terms) || FindStop(past.Stop) is not { } stop)
        {
            return new AdmitAnswer.NotHeld(past.Stop);
        }

        return view.Refusing(order.Terms, past: stop.Number) is { } later ? new AdmitAnswer.GateClosed(later)
            : MassCancelling(order, view) is { } asked ? new AdmitAnswer.GateClosed(asked)
            : null;
    }

    /// <summary>A stop whose mass cancel is not known to be over, and might hit the order.</summary>
    private Latch? MassCancelling(NewOrder order, GateView view) => view.Latches.FirstOrDefault(l =>
        l.Target.Covers(order.Terms)
        && RowOf(l.Stop)?.Outcomes.Find(ObligationKind.MassCancel, order.Account.Value) is { Outcome: OutcomeKind.Unknown or OutcomeKind.Failed });

    /// <summary>Why an order may not be put in the place of this one now, or <c>null</c>.</summary>
    private AdmitAnswer.NotReplaceable? WhyNotReplace(NewOrder order)
    {
        if (order.Replaces is not { } old)
        {
            return null;
        }

        return FindOrder(old) switch
        {
            null => new(null, "There is no such order."),
            { State: OrderState.InFlight or OrderState.Unknown } unclear => new(unclear, "It is not known to rest at the venue yet."),
            { State: not OrderState.Open } ended => new(ended, $"It has ended: {ended.State}."),
            { Origin: not OrderOrigin.Placed } other => new(other, "It was not placed through the gate."),
            { VenueOrderId: null } unnamed => new(unnamed, "The venue's id of it is not known yet."),
            var row when row.Terms.User != order.Terms.User || row.Account != order.Account => new(null, "There is no such order."),
            var row when Replacer(old, static o => o.State.IsActive()) is { } pending => new(row, $"It is being replaced by {pending.Id}."),
            _ => null,
        };
    }

    /// <summary>How much of an order's chain has traded as the other rows of it know. A successor's fills include its predecessor's.</summary>
    private decimal FilledElsewhere(Order order)
    {
        var most = 0m;
        var at = order.Replaces;
        for (var hop = 0; at is { } id && hop < LongestChain && FindOrder(id) is { } before; hop++)
        {
            (most, at) = (Math.Max(most, before.FilledQuantity), before.Replaces);
        }

        var next = Replacer(order.Id, static o => o.VenueOrderId is not null);
        for (var hop = 0; next is not null && hop < LongestChain; hop++)
        {
            (most, next) = (Math.Max(most, next.FilledQuantity), Replacer(next.Id, static o => o.VenueOrderId is not null));
        }

        return most;
    }

    private Order? Replacer(OrderId old, Predicate<Order> which)
    {
        if (_replacers.TryGetValue(old.Value, out var replacers))
        {
            foreach (var place in replacers)
            {
                if (which(_orders[place]))
                {
                    return _orders[place];
                }
            }
        }

        return null;
    }
}
