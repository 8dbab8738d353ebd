using EmergencyStop.Risk;

namespace EmergencyStop.Ledger.Risk;

/// <summary>How a switch's row changes. Pure; the same for every ledger. An answer that is the row itself changes nothing.</summary>
public static class HeartbeatChange
{
    /// <summary>Armed; <c>null</c> where the name is that of a switch with another target.</summary>
    public static Heartbeat? Arm(Heartbeat? standing, HeartbeatName name, HeartbeatTerms terms, string by, DateTimeOffset at)
    {
        if (standing is not null && standing.Terms.Target != terms.Target)
        {
            return null;
        }

        if (standing is { State: HeartbeatState.Armed })
        {
            return standing.Terms == terms ? standing : standing with { Terms = terms, Beats = standing.Beats + 1, By = by, Since = at };
        }

        // A stop that it owes still is not forgotten: it is carried out under the arming that has fired.
        return standing is { OwesStop: true }
            ? standing
            : new(name, terms, (standing?.Arming ?? 0) + 1, 0, HeartbeatState.Armed, at, by, null, standing?.Stop);
    }

    /// <summary>Fired; <c>null</c> where it is not armed or has had beats since.</summary>
    public static Heartbeat? Miss(Heartbeat? standing, Heartbeat seen, string words, bool owesStop, DateTimeOffset at) =>
        standing is { State: HeartbeatState.Armed } && standing.Arming == seen.Arming && standing.Beats == seen.Beats && standing.Terms == seen.Terms
            ? standing with { State = HeartbeatState.Missed, Since = at, Reason = words, OwesStop = owesStop }
            : null;

    /// <summary>Its stop is engaged.</summary>
    public static Heartbeat Stopped(Heartbeat standing, long arming, Ids.StopId stop) =>
        standing.Arming == arming && standing.OwesStop ? standing with { Stop = stop, OwesStop = false } : standing;

    /// <summary>Disarmed.</summary>
    public static Heartbeat Disarm(Heartbeat standing, string by, string reason, DateTimeOffset at) =>
        standing.State == HeartbeatState.Armed
            ? standing with { State = HeartbeatState.Disarmed, Since = at, By = by, Reason = reason }
            : standing;
}
