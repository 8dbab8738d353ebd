using System.Security.Cryptography;

namespace EmergencyStop.Client;

/// <summary>Where the service is, whose key is used, and how patient the client is.</summary>
public sealed record EmergencyStopClientOptions
{
    private const int KeyCharacters = 32;

    /// <summary>The service, without a path.</summary>
    /// <value>An absolute http or https URL; default <c>http://127.0.0.1:5080</c>, where the service listens unless told.</value>
    public Uri Url { get; init; } = new("http://127.0.0.1:5080");

    /// <summary>The API key.</summary>
    /// <value>1 to 200 visible ASCII characters: <c>esk_…</c>, as <c>keys create</c> shows it once.</value>
    public required string ApiKey { get; init; }

    /// <summary>How often a call is tried again after a failure that may pass.</summary>
    /// <value>0 to 100; default 6: with the default delays, a service that restarts has about 11 s.</value>
    public int MaxRetries { get; init; } = 6;

    /// <summary>About how long to wait before the first retry; each later one waits about twice as long, with jitter.</summary>
    /// <value>1 ms to <see cref="MaxRetryDelay"/>; default 200 ms.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait before a retry, whatever a <c>Retry-After</c> header says.</summary>
    /// <value>Up to 1 hour; default 5 s.</value>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one try of a call may take; the wait that a stop asks the service for comes on top.</summary>
    /// <value>1 ms to 1 hour; default 10 s. A try that takes longer proves nothing and is followed by the next.</value>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an event stream may be silent before it is opened anew.</summary>
    /// <value>1 ms to 1 hour; default 75 s, above the longest heartbeat that a service can be set to (60 s).</value>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>The clock of timeouts and delays; default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes the idempotency key of a call that brings none.</summary>
    /// <value>Each result has 1 to 128 visible ASCII characters and comes once; default 128 random bits in hex.</value>
    public Func<string> NewIdempotencyKey { get; init; } = () => RandomNumberGenerator.GetHexString(KeyCharacters, lowercase: true);

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the key itself is never repeated.</exception>
    internal void Check()
    {
        const int longestKey = 200;
        const int mostRetries = 100;
        Require(Url is { IsAbsoluteUri: true, Scheme: "http" or "https" }, nameof(Url), "must be an absolute http or https URL");
        Require(
            ApiKey is { Length: > 0 and <= longestKey } && ApiKey.All(c => c is > ' ' and <= '~'),
            nameof(ApiKey),
            $"must have 1 to {longestKey} visible ASCII characters");
        Require(MaxRetries is >= 0 and <= mostRetries, nameof(MaxRetries), $"must be from 0 to {mostRetries}");
        RequireTime(MaxRetryDelay, nameof(MaxRetryDelay));
        RequireTime(AttemptTimeout, nameof(AttemptTimeout));
        RequireTime(StreamSilence, nameof(StreamSilence));
        RequireTime(RetryDelay, nameof(RetryDelay));
        Require(RetryDelay <= MaxRetryDelay, nameof(RetryDelay), $"must not be above {nameof(MaxRetryDelay)}");
    }

    private static void RequireTime(TimeSpan value, string name) => Require(
        value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromHours(1), name, "must be from 1 ms to 1 hour");

    private static void Require(bool good, string name, string rule)
    {
        if (!good)
        {
            throw new ArgumentException($"{name} {rule}.", name);
        }
    }
}
