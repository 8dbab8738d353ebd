using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Events;

/// <summary>Which targets a change of the latches closed and opened. Pure; the same for every ledger.</summary>
internal static class GateEvents
{
    /// <summary>The events of one stop's change, by target.</summary>
    /// <param name="before">The gate before it.</param>
    /// <param name="after">The gate after it.</param>
    /// <param name="stop">Whose change it is.</param>
    /// <param name="touched">The targets that it may have latched or let go.</param>
    /// <param name="number">The number drawn for it.</param>
    /// <param name="at">When (UTC).</param>
    /// <param name="ownerOf">Whose strategy it is.</param>
    public static IEnumerable<LedgerEvent> Between(
        GateView before, GateView after, Stop stop, IEnumerable<StopTarget> touched, long number, DateTimeOffset at, Func<StrategyId, UserId?> ownerOf)
    {
        foreach (var target in touched.Distinct().OrderBy(t => t.Value, StringComparer.Ordinal))
        {
            var (was, isHeld) = (!before.On(target).IsEmpty, !after.On(target).IsEmpty);
            if (was != isHeld)
            {
                yield return new(
                    isHeld ? EventTypes.GateClosed : EventTypes.GateOpened, target.Value, at, AudienceOf(target, ownerOf),
                    AuditDetails.Of(
                        ("target", target.Value), ("stop_id", stop.Id.Value), ("number", number),
                        ("reason_code", EventText.ReasonCode(stop.Request.ReasonCode))));
            }
        }
    }

    private static EventAudience AudienceOf(StopTarget target, Func<StrategyId, UserId?> ownerOf) => target switch
    {
        { User: { } user } => EventAudience.Of(user),
        { Strategy: { } strategy } => EventAudience.Of(ownerOf(strategy)),
        _ => EventAudience.Everybody,
    };
}
