using EmergencyStop.Ids;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The notices' rows.</summary>
internal static class NoticeRows
{
    private const string Columns = "stop_id, strategy_id, kind, id, target, reason_code, decided_at, state, at, attempts, why";

    /// <summary>A repeat of a notice that was told already changes nothing.</summary>
    public static bool Write(LedgerSession session, NoticeOutcome outcome)
    {
        var notice = outcome.Notice;
        return session.Sql(
                $"INSERT INTO strategy_notices ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                + "ON CONFLICT (stop_id, strategy_id, kind) DO UPDATE SET id = excluded.id, decided_at = excluded.decided_at, state = excluded.state, at = excluded.at, "
                + "attempts = excluded.attempts, why = excluded.why WHERE strategy_notices.state <> 1 OR strategy_notices.id <> excluded.id")
            .Bind(notice.Stop.Value).Bind(notice.Strategy.Value).Bind((long)notice.Kind).Bind(notice.Id).Bind(notice.Target.Value)
            .Bind((long)notice.ReasonCode).Bind(Values.Micros(notice.At)).Bind((long)outcome.State).Bind(Values.Micros(outcome.At))
            .Bind((long)outcome.Attempts).Bind(outcome.Why).Run() == 1;
    }

    public static List<NoticeOutcome> Of(LedgerSession session, StopId stop) =>
        session.Sql($"SELECT {Columns} FROM strategy_notices WHERE stop_id = ? ORDER BY strategy_id, kind").Bind(stop.Value).All(Read);

    public static List<NoticeOutcome> Pending(LedgerSession session, int limit) =>
        session.Sql($"SELECT {Columns} FROM strategy_notices INDEXED BY strategy_notices_pending WHERE state = 0 ORDER BY at LIMIT ?")
            .Bind((long)limit).All(Read);

    private static NoticeOutcome Read(Statement row)
    {
        var (stop, strategy, kind) = (StopId.Parse(row.Text()), StrategyId.Parse(row.Text()), (NoticeKind)row.Int());
        var notice = new StrategyNotice(
            row.Text(), kind, strategy, stop, StopTarget.Parse(row.Text()), (EmergencyStopReason)row.Int(), Values.Time(row.Long()));
        return new(notice, (NoticeState)row.Int(), Values.Time(row.Long()), row.Int(), row.TextOrNull());
    }
}
