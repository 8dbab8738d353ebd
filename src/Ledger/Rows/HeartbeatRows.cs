using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Risk;
using EmergencyStop.Risk;

namespace EmergencyStop.Ledger.Rows;

/// <summary>The rows of the dead-man's switches. Beats stand in a column of their own: they come often.</summary>
internal static class HeartbeatRows
{
    public static Heartbeat? Arm(LedgerTransaction transaction, HeartbeatName name, HeartbeatTerms terms, string by, DateTimeOffset at)
    {
        var standing = Find(transaction.Session, name);
        var next = HeartbeatChange.Arm(standing, name, terms, by, Values.Stored(at));
        if (next is not null && next != standing)
        {
            Write(transaction, next, RiskAudit.Armed(next));
        }

        return next;
    }

    public static void Beat(LedgerSession session, IEnumerable<HeartbeatBeats> beats)
    {
        foreach (var beat in beats)
        {
            session.Sql("UPDATE heartbeats SET beats = beats + ? WHERE name = ? AND arming = ? AND state = ?")
                .Bind(beat.Beats).Bind(beat.Name.Value).Bind(beat.Arming).Bind((long)HeartbeatState.Armed).Post();
        }
    }

    public static Heartbeat? Miss(LedgerTransaction transaction, Heartbeat seen, string words, bool owesStop, DateTimeOffset at)
    {
        var next = HeartbeatChange.Miss(Find(transaction.Session, seen.Name), seen, words, owesStop, Values.Stored(at));
        if (next is not null)
        {
            Write(transaction, next, RiskAudit.Missed(next));
        }

        return next;
    }

    public static void Stopped(LedgerSession session, HeartbeatName name, long arming, StopId stop)
    {
        if (Find(session, name) is { } standing)
        {
            Write(session, HeartbeatChange.Stopped(standing, arming, stop));
        }
    }

    public static Heartbeat? Disarm(LedgerTransaction transaction, HeartbeatName name, string by, string reason, DateTimeOffset at)
    {
        if (Find(transaction.Session, name) is not { } standing)
        {
            return null;
        }

        var next = HeartbeatChange.Disarm(standing, by, reason, Values.Stored(at));
        if (next != standing)
        {
            Write(transaction, next, RiskAudit.Disarmed(next));
        }

        return next;
    }

    public static List<Heartbeat> All(LedgerSession session) => session.Sql("SELECT beats, body FROM heartbeats ORDER BY name").All(Read);

    private static void Write(LedgerTransaction transaction, Heartbeat heartbeat, AuditEntry entry)
    {
        Write(transaction.Session, heartbeat);
        transaction.AppendAudit(entry);
        transaction.Publish(RiskEvents.Of(
            heartbeat, entry, heartbeat.Terms.Target.Strategy is { } strategy ? StrategyRows.OwnerOf(transaction.Session, strategy) : null));
    }

    private static Heartbeat? Find(LedgerSession session, HeartbeatName name) =>
        session.Sql("SELECT beats, body FROM heartbeats WHERE name = ?").Bind(name.Value).First(Read);

    private static void Write(LedgerSession session, Heartbeat heartbeat) =>
        session.Sql(
                "INSERT INTO heartbeats (name, arming, state, beats, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
                + "arming = excluded.arming, state = excluded.state, beats = excluded.beats, body = excluded.body")
            .Bind(heartbeat.Name.Value).Bind(heartbeat.Arming).Bind((long)heartbeat.State).Bind(heartbeat.Beats).Bind(RiskText.Write(heartbeat)).Run();

    private static Heartbeat Read(Statement row)
    {
        var beats = row.Long();
        return RiskText.Read<Heartbeat>(row.Text()) with { Beats = beats };
    }
}
