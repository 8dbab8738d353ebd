using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Alpaca;

/// <summary>The link to Alpaca's trading API, or to whatever speaks it.</summary>
public sealed class AlpacaOptions : IValidatableObject
{
    private const string AlpacaDomain = ".alpaca.markets";

    /// <summary>Where the trading API is.</summary>
    /// <value>Absolute http or https, as <c>https://paper-api.alpaca.markets</c>; default none: the venue is simulated in process.</value>
    public Uri? BaseUrl { get; set; }

    /// <summary>Where the market data API is, for prices.</summary>
    /// <value>Default <c>https://data.alpaca.markets</c> for Alpaca itself, and <see cref="BaseUrl"/> for anything else.</value>
    public Uri? DataUrl { get; set; }

    /// <summary>How many calls an account may make in a minute; 0 heeds only what the venue's own headers say.</summary>
    /// <value>0 to 1,000,000; default 200 for Alpaca itself (its published limit) and 0 for anything else.</value>
    [Range(0, 1_000_000)]
    public int? CallsPerMinute { get; set; }

    /// <summary>The share of the rate limit that orders may not use, so that cancels always find room (F24).</summary>
    /// <value>10 to 90 percent; default 50. Reads may use half of it; cancels all.</value>
    [Range(10, 90)]
    public int ReservedForCancelsPercent { get; set; } = 50;

    /// <summary>Longest wait for a TCP and TLS connection.</summary>
    /// <value>50 ms to 30 s; default 1 s: below the send window, or an order could never try twice in it.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for one attempt of a read or a cancel.</summary>
    /// <value>50 ms to 30 s; default 2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for a read or a cancel with all its attempts and waits for the rate limit. Lists have it per page.</summary>
    /// <value>100 ms to 2 min; default 5 s. On expiry the outcome is unknown or unreadable, and whoever asked asks again.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts of a read or a cancel after the first.</summary>
    /// <value>0 to 10; default 3. Neither an order nor a mass cancel is ever tried twice.</value>
    [Range(0, 10)]
    public int Retries { get; set; } = 3;

    /// <summary>Wait before the first of them; it doubles from one to the next, with jitter.</summary>
    /// <value>10 ms to 10 s; default 100 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest time from an order's acceptance to its being found by client order id.</summary>
    /// <value>0 to 10 min; default 2 s. Alpaca states none: this is ours, and an order inferred as never sent is watched on.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan VisibilityBound { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after it was asked a link that says nothing counts as silent, although nothing failed (F26); and after which one that nobody asks is unknown.</summary>
    /// <value>1 s to 10 min; default 30 s: six heartbeats.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most connections for orders, and most for everything else: neither waits for the other.</summary>
    /// <value>1 to 1,024 each; default 64.</value>
    [Range(1, 1024)]
    public int Connections { get; set; } = 64;

    private bool IsAlpaca => BaseUrl?.Host.EndsWith(AlpacaDomain, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The limit in force: what is set, or the default for who is there.</summary>
    public int EffectiveCallsPerMinute => CallsPerMinute ?? (IsAlpaca ? 200 : 0);

    /// <summary>The market data API in force.</summary>
    public Uri? EffectiveDataUrl => DataUrl ?? (IsAlpaca ? new Uri("https://data.alpaca.markets") : BaseUrl);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, url) in new[] { (nameof(BaseUrl), BaseUrl), (nameof(DataUrl), DataUrl) })
        {
            if (url is not null && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
            {
                yield return new ValidationResult($"{name} must be an absolute http or https URL.", [name]);
            }
        }
    }
}

/// <summary>Checks the settings at start.</summary>
[OptionsValidator]
internal sealed partial class AlpacaOptionsValidator : IValidateOptions<AlpacaOptions>;
