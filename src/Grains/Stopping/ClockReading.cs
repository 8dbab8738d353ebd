using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Stopping;

/// <summary>What a sweep says of a stop's clocks. Pure.</summary>
internal static class ClockReading
{
    /// <summary>Whether the stop had everything once: it fell back for something that turned up.</summary>
    public static bool WasThrough(Stop stop) => stop.State == StopState.Outstanding
        && stop.FinishedAt > stop.WorkingSince
        && stop.Clocks.CancelsConfirmed is not null
        && (!stop.Options.ClosePositions || stop.Clocks.Flat is not null);

    /// <summary>The clocks of the sweep; unchanged while an account's cancels go on by themselves, as the last one is still to come.</summary>
    public static StopClocks OfSweep(Stop stop, SliceReport swept) => swept.Late is { IsDefaultOrEmpty: false }
        ? stop.Clocks
        : stop.Clocks with
        {
            LastCancelSent = swept.LastCancelSentAt - stop.Request.RequestedAt ?? stop.Clocks.LastCancelSent,
            LastNewOrderSent = swept.LastOrderSentAt is { } sent && sent > stop.Request.RequestedAt
                ? sent - stop.Request.RequestedAt
                : stop.Clocks.LastNewOrderSent,
        };
}
