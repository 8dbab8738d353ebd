using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api;

/// <summary>Bounds and defaults of the API; section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>The section that holds these options.</summary>
    public const string Section = "Api";

    /// <summary>Largest body of a request, in bytes.</summary>
    /// <value>1 KiB to 1 MiB; default 64 KiB. The largest honest body, an order or a stop, stays under 2 KiB.</value>
    [Range(1024, 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Longest time in which a request's body must have come whole.</summary>
    /// <value>100 to 300,000 ms; default 10,000 ms. It ends with the body: a stop's own wait is not part of it.</value>
    [Range(100, 300_000)]
    public int BodyTimeoutMs { get; set; } = 10_000;

    /// <summary>How long a stop waits for its flow before it answers 202.</summary>
    /// <value>0 to 60,000 ms; default 5,000 ms. A caller may say otherwise with <c>wait_ms</c>.</value>
    [Range(0, MostWaitMs)]
    public int StopWaitMs { get; set; } = 5_000;

    /// <summary>How long a key that was found good is trusted without asking the ledger again.</summary>
    /// <value>0 to 1,000 ms; default 1,000 ms. A revocation takes effect within this time.</value>
    [Range(0, 1_000)]
    public int KeyCacheMs { get; set; } = 1_000;

    /// <summary>How long a stop waits for the ledger to say whose key it is; then the mirror says it.</summary>
    /// <value>10 to 10,000 ms; default 500 ms.</value>
    [Range(10, 10_000)]
    public int KeyWaitMs { get; set; } = 500;

    /// <summary>How long a readiness check waits for the ledger before it calls the service degraded.</summary>
    /// <value>10 to 10,000 ms; default 250 ms: probes give up after a second.</value>
    [Range(10, 10_000)]
    public int HealthWaitMs { get; set; } = 250;

    /// <summary>How long a repeat waits while the first request with its idempotency key is still under way here.</summary>
    /// <value>0 to 60,000 ms; default 10,000 ms. Then it is told to ask again (409).</value>
    [Range(0, 60_000)]
    public int RepeatWaitMs { get; set; } = 10_000;

    /// <summary>Most live progress streams at a time.</summary>
    /// <value>1 to 10,000; default 200. One more is refused with 429.</value>
    [Range(1, 10_000)]
    public int MaxEventStreams { get; set; } = 200;

    /// <summary>Most streams of order events at a time.</summary>
    /// <value>1 to 10,000; default 1,000. One more is refused with 429.</value>
    [Range(1, 10_000)]
    public int MaxOrderStreams { get; set; } = 1_000;

    /// <summary>Most streams of events at a time.</summary>
    /// <value>1 to 10,000; default 200. One more is refused with 429.</value>
    [Range(1, 10_000)]
    public int MaxFollowers { get; set; } = 200;

    /// <summary>Longest time between two events of a stream; a heartbeat fills the gap.</summary>
    /// <value>100 to 60,000 ms; default 10,000 ms.</value>
    [Range(100, 60_000)]
    public int HeartbeatMs { get; set; } = 10_000;

    /// <summary>Longest <c>wait_ms</c> that a caller may ask for.</summary>
    public const int MostWaitMs = 60_000;
}

/// <summary>Checks <see cref="ApiOptions"/> at the start.</summary>
[OptionsValidator]
internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>;
