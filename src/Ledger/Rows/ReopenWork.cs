using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Orders that were taken to have never left, and what happens when one turns up at the venue.</summary>
internal static class ReopenWork
{
    /// <summary>Reopens the obligation of every stop that took the order to have never been sent.</summary>
    public static void Reopen(LedgerTransaction transaction, Order order)
    {
        var session = transaction.Session;
        var stops = session.Sql("SELECT s.id FROM outcomes u JOIN stops s ON s.number = u.stop WHERE u.item = ? AND u.outcome = 1 AND u.kind = 0")
            .Bind(order.Id.Value).All(static r => (Id: StopId.Parse(r.Text()), Was: OutcomeKind.NeverSent));
        stops.AddRange(session.Sql("SELECT s.id FROM outcomes u JOIN stops s ON s.number = u.stop WHERE u.item = ? AND u.outcome = 9 AND u.kind = 0")
            .Bind(order.Id.Value).All(static r => (StopId.Parse(r.Text()), OutcomeKind.Waived)));
        foreach (var (id, was) in stops)
        {
            var stop = StopRows.Get(session, id);
            if (!stop.Covers(order.Terms))
            {
                continue; // Its part of the target is carved out: the order is let live, and is owed once the part is put back.
            }

            session.Ahead?.ForgetOutcomes();
            session.Sql("UPDATE outcomes SET outcome = 7, inferred = 0, phase = 'confirm', reason = ?, at = ?, since = ? WHERE stop = ? AND kind = 0 AND item = ?")
                .Bind(ObligationEvents.Reappeared(order).Reason).Bind(Values.Micros(order.UpdatedAt))
                .Bind(Values.Micros(order.UpdatedAt)).Bind(stop.Number).Bind(order.Id.Value).Post();
            OutcomeRows.AddCounts(session, stop.Number, default(OutcomeCounts) - OutcomeRule.Counts(ObligationKind.Order, was));
            OutcomeRows.Publish(transaction, stop, was, ObligationEvents.Reappeared(order));
            Owe(transaction, stop, order, was);
        }

        OweToThoseThatHold(transaction, order, [.. stops.Select(s => s.Id)]);
    }

    /// <summary>A stop that came when the order was taken to have never been sent owed it nothing then; behind its closed gate it does now.</summary>
    private static void OweToThoseThatHold(LedgerTransaction transaction, Order order, HashSet<StopId> done)
    {
        foreach (var latch in transaction.View.Latches.Where(l => l.Refuses(order.Terms)))
        {
            if (done.Add(latch.Stop) && StopRows.Get(transaction.Session, latch.Stop) is { Options.CancelOrders: true } stop && stop.Owes(order)
                && !(stop.Options.KeepProtective && order.Terms.Protective))
            {
                Owe(transaction, stop, order);
            }
        }
    }

    /// <summary>An order that turned up at the venue is owed by the stop: it is unmet, and a completed stop falls back.</summary>
    public static void Owe(LedgerTransaction transaction, Stop stop, Order order, OutcomeKind? was = null)
    {
        var session = transaction.Session;
        _ = OutcomeRows.Upsert(transaction, stop, new(
            ObligationKind.Order, order.Id.Value, OutcomeKind.Unknown, order.UpdatedAt, TimeSpan.Zero, order.FilledQuantity, "found",
            "It turned up at the venue while the gate was closed."));
        if (order.FilledQuantity > 0)
        {
            OwePosition(transaction, stop, order);
        }

        var fallsBack = stop.State == StopState.Completed;
        if (fallsBack)
        {
            var after = stop with { State = StopState.Outstanding, FinishedAt = order.UpdatedAt };
            StopRows.SetProgress(session, after);
            transaction.Publish(StopEvents.Progressed(after, EventBooks.OfTarget(session, stop.Target), stop.State, order.UpdatedAt));
        }

        if (!fallsBack && order.Origin == OrderOrigin.Adopted)
        {
            return; // Its adoption has an entry of its own.
        }

        transaction.AppendAudit(new(order.UpdatedAt, "service", "stop.reopened", stop.Id.Value, AuditDetails.Of(
            ("order", order.Id.Value), ("order_state", order.State.ToString()), ("was", was?.ToString()), ("from", stop.State.ToString()),
            ("to", (fallsBack ? StopState.Outstanding : stop.State).ToString()))));
    }

    /// <summary>What an order trades behind the closed gate changes a position that the stop closes, perhaps one that it had closed.</summary>
    public static void OwePosition(LedgerTransaction transaction, Stop stop, Order order)
    {
        if (!stop.Options.ClosePositions || order.Origin == OrderOrigin.Closing || !stop.Refuses(order.Terms))
        {
            return;
        }

        var session = transaction.Session;
        var item = $"{order.Account}/{order.Terms.Symbol}";
        var unmet = new ItemOutcome(
            ObligationKind.Position, item, OutcomeKind.Unknown, order.UpdatedAt, TimeSpan.Zero, Phase: "filled",
            Reason: $"Order {order.Id} traded while it was being cancelled.");
        if (OutcomeRows.Reopen(transaction, stop, unmet) is { } before)
        {
            OutcomeRows.AddCounts(session, stop.Number, default(OutcomeCounts) - OutcomeRule.Counts(ObligationKind.Position, before));
        }
        else
        {
            _ = OutcomeRows.Upsert(transaction, stop, unmet);
        }
    }

    /// <summary>Orders that are taken to have never been sent by inference, since then.</summary>
    public static List<Order> Inferred(LedgerSession session, DateTimeOffset since) =>
        session.Sql(
                $"SELECT {OrderRows.Columns} FROM orders INDEXED BY orders_never_sent "
                + "WHERE state = 7 AND updated_at >= ? ORDER BY user_id, number")
            .Bind(Values.Micros(since)).All(OrderRows.Read).FindAll(OrderEvidence.IsInferred);
}
