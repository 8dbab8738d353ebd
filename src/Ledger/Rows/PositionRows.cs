using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The positions as fills attributed them; a flat one has no row.</summary>
internal static class PositionRows
{
    /// <summary>Adds what an order has traded since to the positions it belongs to.</summary>
    public static void Attribute(LedgerSession session, Order before, Order after)
    {
        if (after.FilledQuantity == before.FilledQuantity)
        {
            return;
        }

        // A replacement's fills include those of the order in whose place it is: what either row counts already is not counted twice.
        var traded = after.FilledQuantity - Math.Max(before.FilledQuantity, ReplaceRows.FilledElsewhere(session, after));
        if (traded <= 0)
        {
            return;
        }

        var signed = after.Terms.Side == OrderSide.Buy ? traded : -traded;
        var shared = after.Origin == OrderOrigin.Closing && after.Terms.Strategy is null;
        var holders = shared ? OfStrategies(session, after) : [];
        if (shared && after.Stop is { } id && StopRows.Find(session, id) is { CarveOuts.IsEmpty: false } stop)
        {
            // What was carved out when the order was sent was left alone by it.
            holders.RemoveAll(h => stop.CarveOuts.Any(c => c.Target.Strategy == h.Strategy && c.Number < after.Number && !(c.PutBack < after.Number)));
        }

        foreach (var (strategy, share) in FillAttribution.Shares(after, signed, holders))
        {
            Add(session, after, strategy, share);
        }
    }

    public static List<AttributedPosition> Of(LedgerSession session, UserId? user, StrategyId? strategy, Symbol? symbol)
    {
        var where = (user is null ? string.Empty : " AND user_id = ?")
            + (strategy is null ? string.Empty : " AND strategy_id = ?")
            + (symbol is null ? string.Empty : " AND symbol = ?");
        var statement = session.Sql(
            $"SELECT account_id, user_id, strategy_id, symbol, quantity FROM positions WHERE TRUE{where} ORDER BY user_id, account_id, symbol, strategy_id");
        statement = user is { } u ? statement.Bind(u.Value) : statement;
        statement = strategy is { } s ? statement.Bind(s.Value) : statement;
        statement = symbol is { } y ? statement.Bind(y.Value) : statement;
        return statement.All(static r => new AttributedPosition(
            AccountId.Parse(r.Text()), UserId.Parse(r.Text()), StrategyOrNull(r.Text()), Symbol.Parse(r.Text()), Values.Decimal(r.Text())));
    }

    /// <summary>Positions that a stop has left without any protective order, as <c>account/symbol</c>.</summary>
    public static ImmutableArray<string> Unprotected(LedgerSession session, IActiveOrders active, StopId stop) =>
    [
        .. session.Sql(
                "SELECT p.account_id, p.symbol, p.quantity FROM positions p WHERE EXISTS ("
                + "SELECT 1 FROM outcomes u JOIN orders o ON o.id = u.item WHERE u.stop = (SELECT number FROM stops WHERE id = ?) "
                + "AND u.kind = 0 AND u.outcome IN (0, 1) AND o.protective = 1 AND o.account_id = p.account_id AND o.symbol = p.symbol)")
            .Bind(stop.Value)
            .All(static r => (Position: $"{r.Text()}/{r.Text()}", Quantity: Values.Decimal(r.Text())))
            .GroupBy(p => p.Position, StringComparer.Ordinal)
            .Where(g => g.Sum(p => p.Quantity) != 0)
            .Select(g => g.Key)
            .Where(p => !IsGuarded(session, active, p))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsGuarded(LedgerSession session, IActiveOrders active, string position)
    {
        var at = position.IndexOf('/', StringComparison.Ordinal);
        return ScopeRows.Active(session, active, StopTarget.Of(Symbol.Parse(position[(at + 1)..])), null)
            .Exists(o => o.Terms.Protective && o.Account.Value == position[..at]);
    }

    private static StrategyId? StrategyOrNull(string text) => text.Length == 0 ? null : StrategyId.Parse(text);

    private static List<(StrategyId Strategy, decimal Quantity)> OfStrategies(LedgerSession session, Order order) =>
        session.Sql("SELECT strategy_id, quantity FROM positions WHERE account_id = ? AND symbol = ? AND strategy_id <> '' AND user_id = ?")
            .Bind(order.Account.Value).Bind(order.Terms.Symbol.Value).Bind(order.Terms.User.Value)
            .All(static r => (StrategyId.Parse(r.Text()), Values.Decimal(r.Text())));

    private static void Add(LedgerSession session, Order order, StrategyId? strategy, decimal signed)
    {
        var name = strategy?.Value ?? string.Empty;
        var standing = session.Sql("SELECT quantity FROM positions WHERE account_id = ? AND symbol = ? AND strategy_id = ? AND user_id = ?")
            .Bind(order.Account.Value).Bind(order.Terms.Symbol.Value).Bind(name).Bind(order.Terms.User.Value)
            .First(static r => (decimal?)Values.Decimal(r.Text()));
        var quantity = (standing ?? 0) + signed;
        var statement = (standing is null, quantity == 0) switch
        {
            (true, true) => null,
            (true, false) => session.Sql("INSERT INTO positions (quantity, account_id, symbol, strategy_id, user_id) VALUES (?, ?, ?, ?, ?)")
                .Bind(Values.Text(quantity)),
            (false, true) => session.Sql("DELETE FROM positions WHERE account_id = ? AND symbol = ? AND strategy_id = ? AND user_id = ?"),
            (false, false) => session.Sql("UPDATE positions SET quantity = ? WHERE account_id = ? AND symbol = ? AND strategy_id = ? AND user_id = ?")
                .Bind(Values.Text(quantity)),
        };
        statement?.Bind(order.Account.Value).Bind(order.Terms.Symbol.Value).Bind(name).Bind(order.Terms.User.Value).Post();
    }
}
