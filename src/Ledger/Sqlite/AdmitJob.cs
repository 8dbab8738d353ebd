using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>One admission. It has no savepoint: its only risky step is one insert, which stands or falls alone.</summary>
internal sealed class AdmitJob(NewOrder order) : LedgerJob<AdmitAnswer>
{
    private AdmitAnswer? _answer;

    public override bool IsGuarded => false;

    public override bool Run(LedgerTransaction transaction, Slice slice)
    {
        _answer = Admit(transaction);
        return true;
    }

    protected override AdmitAnswer Result() => _answer!; // Run has set it.

    private AdmitAnswer Admit(LedgerTransaction transaction)
    {
        var session = transaction.Session;
        if ((Refusal(transaction) ?? ReplaceRows.WhyNot(session, order)) is { } refusal)
        {
            return OrderRows.FindSame(session, order) is { } same ? new AdmitAnswer.Duplicate(same) : refusal;
        }

        var at = Values.Stored(order.At);
        if (order.Terms.Strategy is { } strategy)
        {
            ((WriteTransaction)transaction).Known.Know(transaction, strategy, order.Terms.User, at);
        }

        var row = new Order(order.Id, order.Terms, order.Account, transaction.Number + 1, OrderState.InFlight, at, at, Replaces: order.Replaces);
        row = order.PastGate is { } named ? row with { Origin = OrderOrigin.PastGate, Stop = named.Stop } : row;
        if (OrderRows.TryInsert(session, row))
        {
            _ = transaction.DrawNumber();
            transaction.HasBegun(row);
            transaction.Tell(OrderChange.Of(row));
            if (order.PastGate is { } past)
            {
                transaction.AppendAudit(AdmitWords.PastGate(row, past));
            }

            return new AdmitAnswer.Admitted(row);
        }

        return OrderRows.FindSame(session, order) is { } standing
            ? new AdmitAnswer.Duplicate(standing)
            : throw new InvalidOperationException($"Order {order.Id} was not inserted, and no row stands in its way.");
    }

    private AdmitAnswer? Refusal(LedgerTransaction transaction)
    {
        if (order.PastGate is { } past)
        {
            return RefusalPast(transaction, past);
        }

        if (transaction.View.Refusing(order.Terms) is { } latch)
        {
            return new AdmitAnswer.GateClosed(latch);
        }

        return transaction.View.Pausing(order.Terms) is { } pause ? new AdmitAnswer.StrategyPaused(pause)
            : MassCancelling(transaction) is { } asked ? new AdmitAnswer.GateClosed(asked)
            : null;
    }

    /// <summary>A stop whose mass cancel is not known to be over, and might hit the order: one that is let past it, or carved out of it.</summary>
    private Latch? MassCancelling(LedgerTransaction transaction) => transaction.View.Over(order.Terms).FirstOrDefault(l =>
        OutcomeRows.Find(transaction.Session, l.Number, ObligationKind.MassCancel, order.Account.Value) is { Outcome: OutcomeKind.Unknown or OutcomeKind.Failed });

    /// <summary>The stop named must hold the gate for this very order; a stop that was engaged after it still refuses.</summary>
    private AdmitAnswer? RefusalPast(LedgerTransaction transaction, PastGate past)
    {
        if (!transaction.View.Holds(past.Stop, order.Terms) || StopRows.Find(transaction.Session, past.Stop) is not { } stop)
        {
            return new AdmitAnswer.NotHeld(past.Stop);
        }

        return transaction.View.Refusing(order.Terms, past: stop.Number) is { } later ? new AdmitAnswer.GateClosed(later)
            : MassCancelling(transaction) is { } asked ? new AdmitAnswer.GateClosed(asked)
            : null;
    }
}
