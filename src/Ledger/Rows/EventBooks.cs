using EmergencyStop.Ids;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Whose book an event is about, as the rows say.</summary>
internal static class EventBooks
{
    /// <summary>The user whose book a target is; <c>null</c> for SYMBOL, SYSTEM and a strategy that nobody knows.</summary>
    public static UserId? OfTarget(LedgerSession session, StopTarget target) => target switch
    {
        { User: { } user } => user,
        { Strategy: { } strategy } => StrategyRows.OwnerOf(session, strategy),
        _ => null,
    };

    /// <summary>Publishes what a stop's change closed and opened.</summary>
    public static void PublishGate(LedgerTransaction transaction, GateView before, Stop stop, IEnumerable<StopTarget> touched, long number, DateTimeOffset at) =>
        transaction.Publish(GateEvents.Between(
            before, transaction.View, stop, touched, number, at, strategy => StrategyRows.OwnerOf(transaction.Session, strategy)));
}
