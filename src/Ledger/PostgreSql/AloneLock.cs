using EmergencyStop.Ledger.Rows;

namespace EmergencyStop.Ledger.PostgreSql;

/// <summary>The lock of a service that is alone on its ledger; the server drops it with the connection, however that ends.</summary>
/// <remarks>Two services on one ledger would admit no order through a closed gate, but each would take the other's orders for lost.</remarks>
internal static class AloneLock
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    public static bool TryTake(PostgreSqlSession session) =>
        session.Sql($"SELECT pg_try_advisory_lock({Locks.Of(Locks.Alone)})::int").First(static r => r.Bool());

    /// <summary>Takes it, and waits a while for one who may just be gone.</summary>
    /// <exception cref="LedgerUnavailableException">Another service holds it.</exception>
    public static void Take(PostgreSqlSession session, string name, TimeSpan atMost)
    {
        var pause = new Signal();
        for (var waited = TimeSpan.Zero; !TryTake(session); waited += Between)
        {
            if (waited >= atMost)
            {
                throw new LedgerUnavailableException($"Another service runs on the ledger {name}: stop that one, or name another database in ConnectionStrings:Ledger.");
            }

            pause.Wait(Between);
        }
    }
}
