using EmergencyStop.Ids;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The gate's row, the latches and the pauses in force.</summary>
internal static class GateRows
{
    public static GateState Read(LedgerSession session) =>
        session.Sql("SELECT number, version, reopened, audit_sequence, audit_hash FROM gate")
            .First(static r => (GateState?)new GateState(r.Long(), r.Long(), r.Long(), r.Long(), r.Text(), GateView.Unread))
        ?? throw new LedgerUnavailableException("The ledger's gate row is missing: restore the ledger from a backup.");

    public static void Write(LedgerSession session, GateState state) =>
        session.Sql("UPDATE gate SET number = ?, version = ?, reopened = ?, audit_sequence = ?, audit_hash = ?")
            .Bind(state.Number).Bind(state.Version).Bind(state.Reopened).Bind(state.AuditSequence).Bind(state.AuditHash).Post();

    /// <summary>Writes the row as it is, to see whether a commit works.</summary>
    public static bool Touch(LedgerSession session) => session.Sql("UPDATE gate SET number = number").Run() == 1;

    /// <summary>One stop's latch on one target, held or not: what an answer names that is older than the view.</summary>
    public static Latch? LatchOf(LedgerSession session, long stop, string target) =>
        session.Sql("SELECT s.id, ?, s.number, s.reason_code, s.reason, s.engaged_at, s.key_user, s.key_name FROM stops s WHERE s.number = ?")
            .Bind(target).Bind(stop).First(ReadLatch);

    public static GateView View(LedgerSession session, long number)
    {
        var spared = CarveOutRows.InForce(session);
        return new(
            number,
            session.Sql(
                "SELECT s.id, l.target, s.number, s.reason_code, s.reason, s.engaged_at, s.key_user, s.key_name "
                + "FROM latches l JOIN stops s ON s.number = l.stop").All(ReadLatch)
                .Select(l => spared.TryGetValue(l.Number, out var except) ? l with { Except = except } : l),
            Pauses(session));
    }

    private static List<StrategyPause> Pauses(LedgerSession session) => session.Sql("SELECT strategy_id, target, stop_id, paused_at FROM pauses WHERE paused_at > resumed_at").All(ReadPause);

    public static StrategyPause ReadPause(Statement row) =>
        new(StrategyId.Parse(row.Text()), StopTarget.Parse(row.Text()), StopId.Parse(row.Text()), row.Long());

    private static Latch ReadLatch(Statement row)
    {
        var stop = StopId.Parse(row.Text());
        var target = StopTarget.Parse(row.Text());
        var number = row.Long();
        var code = (EmergencyStopReason)row.Int();
        var reason = row.Text();
        var since = Values.Time(row.Long());
        var user = row.TextOrNull();
        return new(stop, target, number, code, reason, since, user ?? row.Text());
    }
}
