namespace EmergencyStop.Venues;

/// <summary>The event ids of this project's log entries: 3000 to 3999.</summary>
internal static class VenueEvents
{
    public const int StrategyTold = 3000;
    public const int VenueUp = 3010;
    public const int VenueDown = 3011;
    public const int VenueSilent = 3012;
}
