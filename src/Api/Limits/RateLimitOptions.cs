using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Limits;

/// <summary>How much one key may ask for; section <c>Api:Limits</c>. Each budget is a bucket of its own: none is ever used up by another.</summary>
public sealed class RateLimitOptions
{
    /// <summary>The section that holds these options.</summary>
    public const string Section = "Api:Limits";

    /// <summary>Orders, registrations of strategies and heartbeats a second, per key.</summary>
    /// <value>1 to 1,000,000 a second; default 10,000: above what one process admits over HTTP.</value>
    [Range(1, 1_000_000)]
    public int OrdersPerSecond { get; set; } = 10_000;

    /// <summary>Cancels of single orders a second, per key; orders never use them up.</summary>
    /// <value>1 to 1,000,000 a second; default 10,000.</value>
    [Range(1, 1_000_000)]
    public int CancelsPerSecond { get; set; } = 10_000;

    /// <summary>Reads and previews a second, per key.</summary>
    /// <value>1 to 1,000,000 a second; default 1,000.</value>
    [Range(1, 1_000_000)]
    public int ReadsPerSecond { get; set; } = 1_000;

    /// <summary>Stops, releases and whatever else belongs to them a second, per key.</summary>
    /// <value>10 to 1,000,000 a second; default 100: a person who presses again and again never meets it.</value>
    [Range(10, 1_000_000)]
    public int StopsPerSecond { get; set; } = 100;

    /// <summary>Requests without a good key a second, per address; one more is answered 429 in place of 401.</summary>
    /// <value>1 to 1,000,000 a second; default 10. A good key is never held up by bad ones from its address.</value>
    [Range(1, 1_000_000)]
    public int UnauthenticatedPerSecond { get; set; } = 10;

    /// <summary>How many seconds' worth may come at once.</summary>
    /// <value>1 to 60; default 2.</value>
    [Range(1, 60)]
    public int BurstSeconds { get; set; } = 2;
}

/// <summary>Checks <see cref="RateLimitOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>;
