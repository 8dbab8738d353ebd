using EmergencyStop.Ledger.Braking;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Braking;

/// <summary>How a spooled stop is recorded after some time. Pure.</summary>
public static class ReplayPlan
{
    /// <summary>What the audit says, and the stop's own reason, when positions were not closed for want of a person's word.</summary>
    public const string AsksAPerson = "replayed late: asks a person, press close-positions (escalate) to flatten";

    /// <summary>The stop to record, and the note beside it.</summary>
    /// <param name="stop">What was spooled.</param>
    /// <param name="now">The time (UTC).</param>
    /// <param name="closeWithin">How long after the press positions are closed without asking again.</param>
    public static (SpooledStop Stop, string? Note) Of(SpooledStop stop, DateTimeOffset now, TimeSpan closeWithin)
    {
        var request = stop.Request;
        if (!request.Options.ClosePositions || now - request.RequestedAt <= closeWithin)
        {
            return (stop, null);
        }

        var room = EmergencyStopRequest.LongestReason - AsksAPerson.Length - " []".Length;
        var reason = request.Reason.Length > room ? request.Reason[..room] : request.Reason;
        return (stop with
        {
            Request = request with
            {
                Options = request.Options with { ClosePositions = false },
                Reason = reason.Length == 0 ? $"[{AsksAPerson}]" : $"{reason} [{AsksAPerson}]",
            },
        }, AsksAPerson);
    }
}
