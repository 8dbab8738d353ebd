using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The orders' rows, one at a time.</summary>
internal static class OrderRows
{
    public const string Columns =
        "number, id, user_id, partition, strategy_id, symbol, side, quantity, type, limit_price, stop_price, trail_price, "
        + "trail_percent, time_in_force, protective, reduce_only, client_order_id, account_id, state, admitted_at, updated_at, "
        + "venue_order_id, filled, average_price, sent_at, reason, origin, stop_id, attempt, ended_after, replaces";

    private const string Insertion =
        $"INSERT INTO orders ({Columns}) VALUES "
        + "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

    /// <summary>Inserts a row, unless one with its id or another unique part of it is there.</summary>
    public static bool TryInsert(LedgerSession session, Order order)
    {
        var terms = order.Terms;
        return session.Sql(Insertion)
            .Bind(order.Number).Bind(order.Id.Value).Bind(terms.User.Value).Bind((long)Partitions.Of(terms.User))
            .Bind(terms.Strategy?.Value).Bind(terms.Symbol.Value).Bind((long)terms.Side).Bind(Values.Text(terms.Quantity))
            .Bind((long)terms.Type).Bind(Values.Text(terms.LimitPrice)).Bind(Values.Text(terms.StopPrice))
            .Bind(Values.Text(terms.TrailPrice)).Bind(Values.Text(terms.TrailPercent)).Bind((long)terms.TimeInForce)
            .Bind(terms.Protective).Bind(terms.ReduceOnly).Bind(terms.ClientOrderId?.Value).Bind(order.Account.Value)
            .Bind((long)order.State).Bind(Values.Micros(order.AdmittedAt)).Bind(Values.Micros(order.UpdatedAt))
            .Bind(order.VenueOrderId).Bind(Values.Text(order.FilledQuantity)).Bind(Values.Text(order.AveragePrice))
            .Bind(Values.Micros(order.SentAt)).Bind(order.Reason).Bind((long)order.Origin).Bind(order.Stop?.Value)
            .Bind((long)order.Attempt).Bind(order.EndedAfter).Bind(order.Replaces?.Value).Run() == 1;
    }

    /// <summary>Writes what evidence has changed. An index is touched only where an order ends or comes back.</summary>
    public static void Update(LedgerSession session, Order before, Order after)
    {
        const string Changed = "UPDATE orders SET state = ?, updated_at = ?, filled = ?, average_price = ?, sent_at = ?, reason = ?";
        var text = (after.EndedAfter != before.EndedAfter, after.VenueOrderId != before.VenueOrderId) switch
        {
            (false, false) => Changed + " WHERE number = ?",
            (false, true) => Changed + ", venue_order_id = ? WHERE number = ?",
            (true, false) => Changed + ", ended_after = ? WHERE number = ?",
            (true, true) => Changed + ", venue_order_id = ?, ended_after = ? WHERE number = ?",
        };
        var statement = session.Sql(text)
            .Bind((long)after.State).Bind(Values.Micros(after.UpdatedAt)).Bind(Values.Text(after.FilledQuantity))
            .Bind(Values.Text(after.AveragePrice)).Bind(Values.Micros(after.SentAt)).Bind(after.Reason);
        statement = after.VenueOrderId != before.VenueOrderId ? statement.Bind(after.VenueOrderId) : statement;
        statement = after.EndedAfter != before.EndedAfter ? statement.Bind(after.EndedAfter) : statement;
        statement.Bind(after.Number).Post();
        session.Ahead?.Know(after);
    }

    public static Order? Find(LedgerSession session, OrderId order) =>
        session.Ahead?.Find(order) ?? session.Sql($"SELECT {Columns} FROM orders WHERE id = ?").Bind(order.Value).First(Read);

    public static Order? Find(LedgerSession session, UserId user, ClientOrderId clientOrderId) =>
        session.Sql($"SELECT {Columns} FROM orders WHERE user_id = ? AND client_order_id = ?")
            .Bind(user.Value).Bind(clientOrderId.Value).First(Read);

    public static Order? OfNumber(LedgerSession session, long number) =>
        session.Sql($"SELECT {Columns} FROM orders WHERE number = ?").Bind(number).First(Read);

    public static Order? FindActive(LedgerSession session, long number) =>
        session.Sql($"SELECT {Columns} FROM orders WHERE number = ? AND ended_after IS NULL").Bind(number).First(Read);

    /// <summary>The row that stands for the same order as this one: of its id, or of its caller's own name for it.</summary>
    public static Order? FindSame(LedgerSession session, NewOrder order) =>
        Find(session, order.Id)
        ?? (order.Terms.ClientOrderId is { } clientOrderId ? Find(session, order.Terms.User, clientOrderId) : null);

    public static Order Read(Statement row)
    {
        var number = row.Long();
        var id = OrderId.Parse(row.Text());
        var terms = ReadTerms(row);
        return new(
            id,
            terms,
            AccountId.Parse(row.Text()),
            number,
            (OrderState)row.Int(),
            Values.Time(row.Long()),
            Values.Time(row.Long()),
            row.TextOrNull(),
            Values.Decimal(row.Text()),
            Values.DecimalOrNull(row.TextOrNull()),
            Values.Time(row.LongOrNull()),
            row.TextOrNull(),
            (OrderOrigin)row.Int(),
            row.TextOrNull() is { } stop ? StopId.Parse(stop) : null,
            row.Int(),
            row.LongOrNull(),
            row.TextOrNull() is { } replaces ? OrderId.Parse(replaces) : null);
    }

    private static OrderTerms ReadTerms(Statement row)
    {
        var user = UserId.Parse(row.Text());
        _ = row.Int(); // The partition follows from the user.
        return new(
            user,
            row.TextOrNull() is { } strategy ? StrategyId.Parse(strategy) : null,
            Symbol.Parse(row.Text()),
            (OrderSide)row.Int(),
            Values.Decimal(row.Text()),
            (OrderType)row.Int(),
            Values.DecimalOrNull(row.TextOrNull()),
            Values.DecimalOrNull(row.TextOrNull()),
            Values.DecimalOrNull(row.TextOrNull()),
            Values.DecimalOrNull(row.TextOrNull()),
            (TimeInForce)row.Int(),
            row.Bool(),
            row.Bool(),
            row.TextOrNull() is { } clientOrderId ? ClientOrderId.Parse(clientOrderId) : null);
    }
}
