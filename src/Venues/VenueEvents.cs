namespace EmergencyStop.Venues;

/// <summary>The event ids of this project's log entries: 3000 to 3999.</summary>
internal static class VenueEvents
{
    public const int StrategyPaused = 3000;
    public const int StrategyResumed = 3001;
    public const int VenueUp = 3010;
    public const int VenueDown = 3011;
    public const int CallRetried = 3012;
    public const int StatusUnmapped = 3013;
    public const int MarketStarted = 3020;
}
