using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using EmergencyStop.Access;
using EmergencyStop.Api.Errors;
using EmergencyStop.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Api.Limits;

/// <summary>Counts requests against budgets: one bucket a key and budget, one an address for those without a key. Nobody ever queues.</summary>
/// <remarks>
/// Bounded: there are as many keys as the ledger knows, idle buckets are dropped, and addresses share
/// <see cref="AddressBuckets"/> buckets, so that inventing addresses fills no memory.
/// </remarks>
internal sealed class RateLimits : IDisposable
{
    /// <summary>How many buckets all addresses share.</summary>
    public const int AddressBuckets = 4096;

    private const int NetworkBytes = 8; // Of an IPv6 address: who has one has 2^64.

    private static readonly Counter<long> Refused =
        ServiceTelemetry.Meter.CreateCounter<long>("emergency_stop.api.rate_limited", "{request}", "Requests refused with 429, by budget.");

    private readonly RateLimitOptions _options;
    private readonly PartitionedRateLimiter<(string Who, Budget Budget)> _limiter;

    public RateLimits(IOptions<RateLimitOptions> options)
    {
        _options = options.Value;
        _limiter = PartitionedRateLimiter.Create<(string Who, Budget Budget), (string, Budget)>(
            asked => RateLimitPartition.GetTokenBucketLimiter(asked, key => Bucket(key.Item2)));
    }

    /// <summary>Counts a request of a key.</summary>
    /// <returns>The refusal, or <c>null</c>.</returns>
    public Problem? Count(Caller caller, Deed deed) => Take(caller.KeyId, Budgets.Of(deed));

    /// <summary>Counts a request without a good key.</summary>
    /// <returns>The refusal, or <c>null</c>.</returns>
    public Problem? CountUnauthenticated(IPAddress? address) => Take($"{BucketOf(address)}", Budget.Unauthenticated);

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    private Problem? Take(string who, Budget budget)
    {
        using var lease = _limiter.AttemptAcquire((who, budget));
        if (lease.IsAcquired)
        {
            return null;
        }

        Refused.Add(1, new KeyValuePair<string, object?>("budget", budget.Word()));
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        return Problems.RateLimited(budget.Word(), budget.PerSecond(_options), wait);
    }

    private TokenBucketRateLimiterOptions Bucket(Budget budget)
    {
        // Refilled ten times a second, so that a slow budget still gives something soon.
        const int refillsASecond = 10;
        var perSecond = budget.PerSecond(_options);
        var period = Math.Max(1, perSecond / refillsASecond);
        return new()
        {
            TokenLimit = perSecond * _options.BurstSeconds,
            TokensPerPeriod = period,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)period / perSecond),
            QueueLimit = 0,
        };
    }

    private static int BucketOf(IPAddress? address)
    {
        if (address is null)
        {
            return 0; // A socket of this machine.
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var hash = default(HashCode);
        hash.AddBytes(plain.AddressFamily == AddressFamily.InterNetworkV6 ? bytes.AsSpan(0, NetworkBytes) : bytes);
        return (hash.ToHashCode() & int.MaxValue) % AddressBuckets;
    }
}
