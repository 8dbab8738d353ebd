using System.Collections.Concurrent;
using System.Security.Cryptography;
using EmergencyStop.Ids;

namespace EmergencyStop.Venues.Simulated;

/// <summary>The faults dialled in, and the draws that they need. Safe for concurrent use.</summary>
public sealed class SimulatedFaults
{
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<AccountId, Usage> _usage = new();
    private FaultSettings _current = FaultSettings.None;

    /// <summary>No faults yet.</summary>
    /// <param name="time">The clock of the rate limit.</param>
    /// <param name="seed">Seed of all draws; <c>null</c> draws one.</param>
    public SimulatedFaults(TimeProvider time, int? seed = null)
    {
        _time = time;
        Seed = seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        _random = new Random(Seed);
    }

    /// <summary>Raised after a change, on the thread that made it.</summary>
    public event EventHandler? Changed;

    /// <summary>The seed of this run.</summary>
    public int Seed { get; }

    /// <summary>What is wrong now.</summary>
    public FaultSettings Current => Volatile.Read(ref _current);

    /// <summary>Dials faults in; atomic.</summary>
    public void Change(Func<FaultSettings, FaultSettings> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            Volatile.Write(ref _current, change(_current));
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    internal bool LosesAnswer(AccountId account) => Happens(Current.For(account).LoseAnswers);

    internal bool Rejects(AccountId account) => Happens(Current.For(account).Reject);

    internal bool FillsOnCancel(AccountId account) => Happens(Current.For(account).FillOnCancel);

    /// <summary>How long the way takes, one way.</summary>
    internal TimeSpan OneWay(AccountId account)
    {
        var now = Current.For(account);
        if (now.Latency == TimeSpan.Zero && now.LatencyJitter == TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        lock (_gate)
        {
            var drawn = now.Latency + (now.LatencyJitter * ((_random.NextDouble() * 2) - 1));
            return drawn > TimeSpan.Zero ? drawn / 2 : TimeSpan.Zero;
        }
    }

    /// <summary>Counts one call of an account.</summary>
    internal RateReading Count(AccountId account)
    {
        var limit = Current.For(account).RateLimitPerSecond;
        if (limit == 0)
        {
            return RateReading.Unlimited;
        }

        var second = _time.GetUtcNow().ToUnixTimeSeconds();
        var usage = _usage.GetOrAdd(account, static _ => new Usage());
        lock (usage)
        {
            if (usage.Second != second)
            {
                (usage.Second, usage.Calls) = (second, 0);
            }

            var allowed = usage.Calls < limit;
            usage.Calls += allowed ? 1 : 0;
            return new(limit, limit - usage.Calls, second + 1, allowed);
        }
    }

    private bool Happens(double probability)
    {
        if (probability <= 0)
        {
            return false;
        }

        lock (_gate)
        {
            return _random.NextDouble() < probability;
        }
    }

    private sealed class Usage
    {
        public long Second { get; set; }

        public int Calls { get; set; }
    }
}

/// <summary>What the venue says of an account's rate limit.</summary>
/// <param name="Limit">Calls a second; 0 for no limit.</param>
/// <param name="Remaining">How many are left in this second.</param>
/// <param name="ResetsAt">When they are given anew, in seconds since 1970.</param>
/// <param name="Allowed">Whether this call is within the limit.</param>
public readonly record struct RateReading(int Limit, int Remaining, long ResetsAt, bool Allowed)
{
    internal static RateReading Unlimited { get; } = new(0, 0, 0, Allowed: true);
}
