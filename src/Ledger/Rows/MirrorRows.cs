using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;

namespace EmergencyStop.Ledger.Rows;

/// <summary>What the mirror holds, read from the file.</summary>
internal static class MirrorRows
{
    /// <summary>The whole, if keys, owners or users have changed since; otherwise <c>null</c>.</summary>
    public static MirrorReading? Read(LedgerSession session, MirrorMark? since)
    {
        var head = session.Sql("SELECT audit_sequence FROM gate").First(static r => (long?)r.Long()) ?? 0;
        var traders = session.Sql("SELECT count(*) FROM strategy_users").First(static r => (long?)r.Long()) ?? 0;
        if (since is not null && since.Traders == traders && !ChangedAfter(session, since.AuditSequence))
        {
            return null;
        }

        return new(new(head, traders), new(
            [.. session.Sql("SELECT hash, id, name, role, user_id, revoked_at FROM api_keys ORDER BY id").All(ReadKey)],
            [.. session.Sql("SELECT id, user_id FROM strategies ORDER BY id").All(static r => new MirroredOwner(StrategyId.Parse(r.Text()), UserId.Parse(r.Text())))],
            [.. session.Sql(
                "SELECT user_id FROM strategy_users UNION SELECT user_id FROM strategies UNION SELECT user_id FROM positions "
                + "UNION SELECT user_id FROM api_keys WHERE user_id IS NOT NULL ORDER BY 1").All(static r => new MirroredUser(UserId.Parse(r.Text()), null))]));
    }

    private static bool ChangedAfter(LedgerSession session, long sequence) => session
        .Sql("SELECT 1 FROM audit WHERE sequence > ? AND action IN ('key.created', 'key.revoked', 'strategy.registered') LIMIT 1")
        .Bind(sequence).Any();

    private static MirroredKey ReadKey(Statement row)
    {
        var hash = row.Text();
        var caller = new Caller(row.Text(), row.Text(), (Role)row.Int(), row.TextOrNull() is { } user ? UserId.Parse(user) : null);
        return new(hash, caller, row.LongOrNull() is not null);
    }
}
