using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Runs one engage and one admission at opening and undoes them: the first stop of a process must not pay for its compilation.</summary>
internal static class Rehearsal
{
    public static void Run(WriteTransaction transaction, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var by = new Caller("service", "rehearsal", Role.Admin, null);
        var user = UserId.Parse("rehearsal");
        var request = new EmergencyStopRequest(
            StopTarget.Of(user), new(), EmergencyStopReason.SystemError, "rehearsal", by, now, "rehearsal", "rehearsal");
        var order = new NewOrder(
            OrderId.Parse("rehearsal"),
            new(user, StrategyId.Parse("rehearsal"), Symbol.Parse("REHEARSAL"), OrderSide.Buy, 1, OrderType.Market),
            AccountId.Parse("rehearsal"),
            now);
        transaction.Begin(mayWait: true);
        try
        {
            foreach (var job in new LedgerJob[] { new AdmitJob(order), new EngageJob(StopId.Parse("rehearsal"), request, time, new(1)), new AdmitJob(order) })
            {
                transaction.Save();
                job.Run(transaction, new(null));
                transaction.Keep();
            }
        }
        finally
        {
            transaction.Abandon();
        }
    }
}
