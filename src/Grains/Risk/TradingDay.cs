namespace EmergencyStop.Grains.Risk;

/// <summary>Which trading day it is. Pure.</summary>
/// <param name="Zone">The time zone in which the day is told.</param>
/// <param name="Start">When it begins there.</param>
internal sealed record TradingDay(TimeZoneInfo Zone, TimeSpan Start)
{
    /// <summary>As the options say.</summary>
    public static TradingDay Of(RiskOptions options) => new(TimeZoneInfo.FindSystemTimeZoneById(options.DayTimeZone), options.DayStart);

    /// <summary>The day, named after the date on which it began.</summary>
    public DateOnly At(DateTimeOffset now) => DateOnly.FromDateTime((TimeZoneInfo.ConvertTime(now, Zone) - Start).DateTime);
}
