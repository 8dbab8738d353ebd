using EmergencyStop.Ids;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using Npgsql;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>What the admitting function says of one order.</summary>
internal sealed record AdmitRow(int Outcome, long? Number, long? Stop, string? Target, string? Ref, long Version);

/// <summary>The one call that admits: a function that the server commits by itself, so that no step of a client lies between its lock and its commit.</summary>
internal static class AdmitCall
{
    public const int Admitted = 0;
    public const int Standing = 1;
    public const int Latched = 2;
    public const int Paused = 3;
    public const int NotHeld = 4;

    private const string Text =
        "SELECT outcome, number, stop, target, ref, version FROM ledger_admit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
        + "$19, $20, $21, $22, $23) ORDER BY place";

    /// <summary>Admits these, in order.</summary>
    public static List<AdmitRow> Run(PostgreSqlSession session, List<NewOrder> orders, List<bool> fresh)
    {
        using var rows = session.Together([Command(orders, fresh)]);
        var read = new List<AdmitRow>(orders.Count);
        while (rows.Read())
        {
            read.Add(new(rows.GetInt16(0), LongOrNull(rows, 1), LongOrNull(rows, 2), TextOrNull(rows, 3), TextOrNull(rows, 4), rows.GetInt64(5)));
        }

        return read.Count == orders.Count
            ? read
            : throw new InvalidOperationException($"{orders.Count} orders were asked about, and {read.Count} were answered.");
    }

    /// <summary>The latch that refused an order.</summary>
    public static Latch LatchOf(LedgerSession session, GateView view, AdmitRow row)
    {
        var (stop, target) = (row.Stop ?? 0, row.Target ?? string.Empty);
        return view.On(StopTarget.Parse(target)).FirstOrDefault(l => l.Number == stop)
            ?? GateRows.LatchOf(session, stop, target)
            ?? throw new InvalidOperationException($"Stop number {stop} refuses an order, and there is no such stop.");
    }

    /// <summary>The pause that refused an order.</summary>
    public static StrategyPause PauseOf(NewOrder order, AdmitRow row) => new(
        order.Terms.Strategy ?? default, StopTarget.Parse(row.Target), StopId.Parse(row.Ref), row.Number ?? 0);

    private static NpgsqlBatchCommand Command(List<NewOrder> orders, List<bool> fresh)
    {
        var (terms, past) = (orders.ConvertAll(o => o.Terms), orders[0].PastGate);
        return new(Text)
        {
            Parameters =
            {
                PostgreSqlValues.Texts(orders.Select(o => o.Id.Value)),
                PostgreSqlValues.Texts(terms.Select(t => t.User.Value)),
                PostgreSqlValues.Smalls(terms.Select(t => (long)Partitions.Of(t.User))),
                PostgreSqlValues.Texts(terms.Select(t => t.Strategy?.Value)),
                PostgreSqlValues.Texts(terms.Select(t => t.Symbol.Value)),
                PostgreSqlValues.Smalls(terms.Select(t => (long)t.Side)),
                PostgreSqlValues.Smalls(terms.Select(t => (long)t.Type)),
                PostgreSqlValues.Texts(terms.Select(t => Values.Text(t.Quantity))),
                PostgreSqlValues.Texts(terms.Select(t => Values.Text(t.LimitPrice))),
                PostgreSqlValues.Texts(terms.Select(t => Values.Text(t.StopPrice))),
                PostgreSqlValues.Texts(terms.Select(t => Values.Text(t.TrailPrice))),
                PostgreSqlValues.Texts(terms.Select(t => Values.Text(t.TrailPercent))),
                PostgreSqlValues.Smalls(terms.Select(t => (long)t.TimeInForce)),
                PostgreSqlValues.Smalls(terms.Select(t => t.Protective ? 1L : 0)),
                PostgreSqlValues.Smalls(terms.Select(t => t.ReduceOnly ? 1L : 0)),
                PostgreSqlValues.Texts(terms.Select(t => t.ClientOrderId?.Value)),
                PostgreSqlValues.Texts(orders.Select(o => o.Account.Value)),
                PostgreSqlValues.Numbers(orders.Select(o => Values.Micros(o.At))),
                PostgreSqlValues.Flags(fresh),
                PostgreSqlValues.Text(orders[0].Replaces?.Value),
                PostgreSqlValues.Text(past?.Stop.Value),
                PostgreSqlValues.Text(past?.By.DisplayName),
                PostgreSqlValues.Text(past is null ? null : Details(orders[0], past)),
            },
        };
    }

    private static string Details(NewOrder order, EmergencyStop.Orders.PastGate past) => AdmitWords.WithoutNumber(AdmitWords.PastGate(
        new(order.Id, order.Terms, order.Account, 0, EmergencyStop.Orders.OrderState.InFlight, order.At, order.At), past).Details);

    private static long? LongOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
