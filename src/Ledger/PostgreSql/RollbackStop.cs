using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>The stop that closes SYSTEM when the ledger turns out to be an older one, or another.</summary>
internal static class RollbackStop
{
    /// <summary>Engages it on this connection.</summary>
    public static void Engage(PostgreSqlSession session, long seen, long number, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var id = StopId.Parse(string.Create(Values.Invariant, $"rollback-{seen}-{number}-{Values.Micros(now)}"));
        var request = new EmergencyStopRequest(
            StopTarget.System, new(), EmergencyStopReason.SystemError, "ledger rollback", new Caller("service", "service", Role.Admin, null), now);
        using var rows = session.Together([EngageCall.Of(id, EngageWords.Normal(request), now, replay: null)]);
        while (rows.Read())
        {
            // The outcome changes nothing: a stop of this id holds SYSTEM.
        }
    }
}
