using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Venues.Simulated;

/// <summary>What is wrong with the simulated venue; nothing by default.</summary>
public sealed record FaultSettings
{
    /// <summary>No faults.</summary>
    public static FaultSettings None { get; } = new();

    /// <summary>How long a call takes, there and back.</summary>
    /// <value>0 to 10 min; default 0.</value>
    public TimeSpan Latency { get; init; }

    /// <summary>By how much that varies, up and down, evenly.</summary>
    /// <value>0 to 10 min; default 0.</value>
    public TimeSpan LatencyJitter { get; init; }

    /// <summary>How likely it is that a call takes effect and its answer is lost.</summary>
    /// <value>0 to 1; default 0.</value>
    public double LoseAnswers { get; init; }

    /// <summary>How likely it is that an order is refused.</summary>
    /// <value>0 to 1; default 0.</value>
    public double Reject { get; init; }

    /// <summary>How many calls an account may make within one second.</summary>
    /// <value>0, the default, for no limit; at most 1,000,000.</value>
    public int RateLimitPerSecond { get; init; }

    /// <summary>How long after its arrival an order begins to work and a cancel takes effect.</summary>
    /// <value>0 to 24 h; default 0.</value>
    public TimeSpan LateAcknowledgement { get; init; }

    /// <summary>Whether nobody can reach the venue.</summary>
    public bool Down { get; init; }

    /// <summary>Accounts for which nobody can reach the venue, while it answers the others.</summary>
    public ImmutableHashSet<AccountId> DownAccounts { get; init; } = [];

    /// <summary>Whether the venue answers no call of this account.</summary>
    public bool IsDownFor(AccountId account) => Down || DownAccounts.Contains(account);

    /// <summary>Whether the venue takes calls and never answers, as a half-open connection does; nothing takes effect.</summary>
    public bool Silent { get; init; }

    /// <summary>How likely it is that an order fills, wholly, at the moment at which its cancel arrives.</summary>
    /// <value>0 to 1; default 0.</value>
    public double FillOnCancel { get; init; }

    /// <summary>The class of orders that the venue's own mass cancel leaves out.</summary>
    /// <value>Default none.</value>
    public OrderType? MassCancelLeaves { get; init; }

    /// <summary>The only account that has these faults.</summary>
    /// <value>Default: all have them.</value>
    public AccountId? OnlyAccount { get; init; }

    /// <summary>The faults as one account has them.</summary>
    public FaultSettings For(AccountId account) => OnlyAccount is { } only && only != account ? None : this;
}
