using System.Security.Cryptography;
using System.Text;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Rows that a stop makes itself: closing orders, and orders found at the venue.</summary>
internal static class VenueWork
{
    public static ClosingAnswer InsertClosing(LedgerTransaction transaction, NewOrder order, StopId stop, int attempt)
    {
        var session = transaction.Session;
        if (StandingClosing(session, order, stop, attempt) is { } standing)
        {
            return new ClosingAnswer.Standing(standing);
        }

        if (!transaction.View.Holds(stop, order.Terms))
        {
            return new ClosingAnswer.LatchGone();
        }

        var at = Values.Stored(order.At);
        var row = new Order(order.Id, order.Terms, order.Account, transaction.DrawNumber(), OrderState.InFlight, at, at)
        {
            Origin = OrderOrigin.Closing,
            Stop = stop,
            Attempt = attempt,
        };
        if (!OrderRows.TryInsert(session, row))
        {
            throw new InvalidOperationException($"Closing order {order.Id} was not inserted, and no row stands in its way.");
        }

        transaction.HasBegun(row);
        transaction.Tell(OrderChange.Of(row));
        return new ClosingAnswer.Inserted(row);
    }

    public static Order? LastClosing(LedgerSession session, AccountId account, Symbol symbol) =>
        session.Sql(
                $"SELECT {OrderRows.Columns} FROM orders INDEXED BY orders_closings WHERE account_id = ? AND symbol = ? AND origin = 1 ORDER BY number DESC LIMIT 1")
            .Bind(account.Value).Bind(symbol.Value).First(OrderRows.Read);

    public static List<Order> Closings(LedgerSession session, StopId stop, AccountId account, Symbol symbol) =>
        session.Sql(
                $"SELECT {OrderRows.Columns} FROM orders WHERE stop_id = ? AND account_id = ? AND symbol = ? AND origin = 1 ORDER BY attempt")
            .Bind(stop.Value).Bind(account.Value).Bind(symbol.Value).All(OrderRows.Read);

    public static Order? Adopt(
        LedgerTransaction transaction, StopId stop, UserId user, StrategyId? strategy, VenueOrderReport report, DateTimeOffset at)
    {
        var session = transaction.Session;
        var isId = OrderId.TryParse(report.ClientOrderId, out var id, out _);
        var ofId = isId ? OrderRows.Find(session, id) : null;
        if (((ofId?.Account == report.Account ? ofId : null) ?? OfVenue(transaction, report)) is { } standing)
        {
            return standing;
        }

        var terms = new OrderTerms(user, strategy, report.Symbol, report.Side, report.Quantity, report.Type);
        var owner = StopRows.Get(session, stop);
        if (!owner.Target.Covers(terms))
        {
            throw new ArgumentException($"Venue order {report.VenueOrderId} is not in the scope of stop {stop}.", nameof(report));
        }

        if (!transaction.View.Holds(stop, terms))
        {
            return null; // Released, narrowed to others, or carved out.
        }

        var number = transaction.DrawNumber();
        var stored = Values.Stored(at);
        var row = new Order(isId && ofId is null ? id : MadeId(report), terms, report.Account, number, report.State, stored, stored)
        {
            VenueOrderId = report.VenueOrderId,
            FilledQuantity = report.FilledQuantity,
            AveragePrice = report.AveragePrice,
            Reason = report.Reason,
            Origin = OrderOrigin.Adopted,
            Stop = stop,
            EndedAfter = report.State.IsActive() ? null : number,
        };
        if (!OrderRows.TryInsert(session, row))
        {
            throw new InvalidOperationException($"Venue order {report.VenueOrderId} was not adopted, and no row stands in its way.");
        }

        if (row.State.IsActive())
        {
            transaction.HasBegun(row);
        }

        transaction.Tell(OrderChange.Of(row));
        PositionRows.Attribute(session, row with { FilledQuantity = 0 }, row);
        transaction.AppendAudit(new(at, "service", "order.adopted", row.Id.Value, AuditDetails.Of(
            ("stop", stop.Value), ("user", user.Value), ("account", report.Account.Value), ("symbol", report.Symbol.Value),
            ("venue_order_id", report.VenueOrderId), ("client_order_id", report.ClientOrderId))));
        ReopenWork.Owe(transaction, owner, row);
        return row;
    }

    private static Order? StandingClosing(LedgerSession session, NewOrder order, StopId stop, int attempt) =>
        OrderRows.Find(session, order.Id)
        ?? session.Sql(
                $"SELECT {OrderRows.Columns} FROM orders WHERE stop_id = ? AND account_id = ? AND symbol = ? AND attempt = ? AND origin = 1")
            .Bind(stop.Value).Bind(order.Account.Value).Bind(order.Terms.Symbol.Value).Bind((long)attempt).First(OrderRows.Read)
        ?? session.Sql($"SELECT {OrderRows.Columns} FROM orders WHERE account_id = ? AND symbol = ? AND origin = 1 AND ended_after IS NULL")
            .Bind(order.Account.Value).Bind(order.Terms.Symbol.Value).First(OrderRows.Read)
        ?? (LastClosing(session, order.Account, order.Terms.Symbol) is { } last && last.Id != order.LastClosing ? last : null);

    private static Order? OfVenue(LedgerTransaction transaction, VenueOrderReport report) =>
        transaction.Active.FindByVenue(transaction.Session, report.Account, report.VenueOrderId)
        ?? transaction.Session.Sql($"SELECT {OrderRows.Columns} FROM orders INDEXED BY orders_adopted WHERE account_id = ? AND venue_order_id = ? AND origin = 2")
            .Bind(report.Account.Value).Bind(report.VenueOrderId).First(OrderRows.Read);

    /// <summary>An id of our own where the venue's text is none, or is taken; the same order always gets the same one.</summary>
    private static OrderId MadeId(VenueOrderReport report)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{report.Account.Value}\n{report.VenueOrderId}"));
        return OrderId.Parse("adopted-" + Convert.ToHexStringLower(hash.AsSpan(0, 16)));
    }
}
