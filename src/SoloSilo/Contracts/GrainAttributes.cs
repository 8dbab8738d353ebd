using System.Globalization;

namespace Orleans;

/// <summary>How long a caller of the method waits for the response; overrides the silo's default.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute : Attribute
{
    /// <summary>Sets the wait.</summary>
    /// <param name="timeout">The wait as <see cref="TimeSpan.Parse(string, IFormatProvider)"/> reads it, such as "00:00:05".</param>
    public ResponseTimeoutAttribute(string timeout) => Timeout = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);

    /// <summary>The wait.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>How long an activation of the grain class may be idle before it is collected.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class CollectionAgeLimitAttribute : Attribute
{
    /// <summary>Set <see cref="Days"/>, <see cref="Hours"/>, <see cref="Minutes"/> or <see cref="AlwaysActive"/>.</summary>
    public CollectionAgeLimitAttribute()
    {
    }

    /// <summary>Sets the age.</summary>
    /// <param name="inactivityPeriod">The age as <see cref="TimeSpan.Parse(string, IFormatProvider)"/> reads it.</param>
    public CollectionAgeLimitAttribute(string inactivityPeriod) =>
        Hours = TimeSpan.Parse(inactivityPeriod, CultureInfo.InvariantCulture).TotalHours;

    /// <summary>Days, added to hours and minutes.</summary>
    public double Days { get; init; }

    /// <summary>Hours, added to days and minutes.</summary>
    public double Hours { get; init; }

    /// <summary>Minutes, added to days and hours.</summary>
    public double Minutes { get; init; }

    /// <summary>The activation is never collected for being idle.</summary>
    public bool AlwaysActive { get; init; }

    /// <summary>The sum of days, hours and minutes; endless when <see cref="AlwaysActive"/>.</summary>
    public TimeSpan AgeLimit => AlwaysActive
        ? Timeout.InfiniteTimeSpan
        : TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
}

/// <summary>The frozen name of a grain class in grain ids; without it, the class name in lower case less "grain".</summary>
/// <param name="grainType">The name.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    /// <summary>The name.</summary>
    internal string GrainType { get; } = grainType;
}
