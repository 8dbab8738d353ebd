using EmergencyStop.Ids;

namespace EmergencyStop.Venues;

/// <summary>The venue's own clock and hours.</summary>
/// <param name="At">Its time (UTC).</param>
/// <param name="IsOpen">Whether its market is open.</param>
/// <param name="NextOpen">When it opens next (UTC).</param>
public sealed record MarketClock(DateTimeOffset At, bool IsOpen, DateTimeOffset NextOpen)
{
    /// <summary>Until when a symbol does not trade; <c>null</c> while it does. Pairs of currencies trade around the clock.</summary>
    public DateTimeOffset? ClosedUntil(Symbol symbol) => IsOpen || symbol.Pair is not null ? null : NextOpen;
}
