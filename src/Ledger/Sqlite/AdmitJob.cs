using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;

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
        if (Refusal(transaction) is { } refusal)
        {
            return OrderRows.FindSame(session, order) is { } same ? new AdmitAnswer.Duplicate(same) : refusal;
        }

        var at = Values.Stored(order.At);
        if (order.Terms.Strategy is { } strategy)
        {
            StrategyRows.Know(transaction, strategy, order.Terms.User, at);
        }

        var row = new Order(order.Id, order.Terms, order.Account, transaction.Number + 1, OrderState.InFlight, at, at);
        if (OrderRows.TryInsert(session, row))
        {
            _ = transaction.DrawNumber();
            transaction.HasBegun(row);
            transaction.Tell(OrderChange.Of(row));
            return new AdmitAnswer.Admitted(row);
        }

        return OrderRows.FindSame(session, order) is { } standing
            ? new AdmitAnswer.Duplicate(standing)
            : throw new InvalidOperationException($"Order {order.Id} was not inserted, and no row stands in its way.");
    }

    private AdmitAnswer? Refusal(LedgerTransaction transaction)
    {
        if (transaction.View.Refusing(order.Terms) is { } latch)
        {
            return new AdmitAnswer.GateClosed(latch);
        }

        return transaction.View.Pausing(order.Terms) is { } pause ? new AdmitAnswer.StrategyPaused(pause) : null;
    }
}
