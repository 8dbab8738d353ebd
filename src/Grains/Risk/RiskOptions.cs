using System.ComponentModel.DataAnnotations;

namespace EmergencyStop.Grains.Risk;

/// <summary>How risk rules and dead-man's switches are watched; section <c>Risk</c>.</summary>
public sealed class RiskOptions : IValidatableObject
{
    /// <summary>How often each watched user's account is read.</summary>
    /// <value>100 ms to 5 min; default 2 s: 30 of Alpaca's 200 calls a minute, and never out of the share reserved for cancels.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for the reading of one account.</summary>
    /// <value>50 ms to 30 s; default 3 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Users whose accounts are read at once by one process.</summary>
    /// <value>1 to 1,024; default 64: a slow one holds one place and nobody else.</value>
    [Range(1, 1024)]
    public int Window { get; set; } = 64;

    /// <summary>How old the last reading of an account may be before it is shown as stale.</summary>
    /// <value>1 s to 1 h; default 15 s. Only a rule of kind <c>stale_figures</c> acts on it, by a time of its own.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often each process reads the rules from the ledger: so long a change takes to be known everywhere.</summary>
    /// <value>50 ms to 1 min; default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan RulesEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The time zone of the trading day, by its IANA name.</summary>
    /// <value>As <c>America/New_York</c>; default <c>UTC</c>.</value>
    public string DayTimeZone { get; set; } = "UTC";

    /// <summary>When the trading day begins there.</summary>
    /// <value>0 to 23:59; default midnight.</value>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:59")]
    public TimeSpan DayStart { get; set; } = TimeSpan.Zero;

    /// <summary>How often beats are written to the ledger, many at once, and read from it.</summary>
    /// <value>50 ms to 250 ms; default 200 ms. A second silo hears of a beat twice this time later, well within the shortest timeout of 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:00.250")]
    public TimeSpan HeartbeatEvery { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(DayTimeZone, out _))
        {
            yield return new($"Risk:DayTimeZone: '{DayTimeZone}' is no time zone that this machine knows; write it as America/New_York.", [nameof(DayTimeZone)]);
        }
    }
}
