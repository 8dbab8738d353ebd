namespace EmergencyStop.Client;

/// <summary>How the service is, in one word.</summary>
public enum SystemStatus
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>Nothing is known to be wrong.</summary>
    Operational,

    /// <summary>A SYSTEM stop holds everything closed.</summary>
    Stopped,

    /// <summary>The ledger cannot be written, a venue is down or silent, or a stop is outstanding.</summary>
    Degraded,
}

/// <summary>How the service is.</summary>
/// <param name="SystemStatus">In one word.</param>
/// <param name="TotalEmergencyStops">Stops ever engaged.</param>
/// <param name="SuccessRate">Percent of the stops that are not working which are completed; 100 when there is none.</param>
/// <param name="ActiveStops">Latches held.</param>
/// <param name="Working">Stops whose flow is under way.</param>
/// <param name="Outstanding">Stops with unmet obligations.</param>
/// <param name="Host">Which host runs the grains: <c>solo</c> or <c>orleans</c>.</param>
/// <param name="Ledger">How the ledger is.</param>
/// <param name="Venues">How the links to the venues are.</param>
/// <param name="GateNumber">The last number drawn, as of the answering process's view of the gate.</param>
public sealed record ServiceStatus(
    SystemStatus SystemStatus,
    long TotalEmergencyStops,
    double SuccessRate,
    int ActiveStops,
    long Working,
    long Outstanding,
    string Host,
    LedgerStatus Ledger,
    IReadOnlyList<VenueStatus> Venues,
    long GateNumber)
{
    /// <summary>Stops that are not in the ledger yet: nothing is admitted until they are.</summary>
    public IReadOnlyList<string> Unrecorded { get; init; } = [];

    /// <summary>What is held closed now, at most 100, by name.</summary>
    public IReadOnlyList<string> LatchedTargets { get; init; } = [];
}

/// <summary>How the ledger is.</summary>
/// <param name="Kind">Which database.</param>
/// <param name="Writable">Whether it can be written; while it cannot, nothing is admitted.</param>
/// <param name="Why">Why not.</param>
public sealed record LedgerStatus(string Kind, bool Writable, string? Why);

/// <summary>How one venue's link is.</summary>
/// <param name="Name">The venue's name.</param>
/// <param name="State"><c>up</c>, <c>silent</c> (it takes calls and says nothing), <c>down</c>, or <c>unknown</c> before the first call.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="LastError">The last failure, in words.</param>
/// <param name="LastAnswerAt">When it last answered anything (UTC).</param>
/// <param name="AgeMs">How long ago that was when this was answered, in milliseconds.</param>
/// <param name="Accounts">The accounts whose link is not up.</param>
public sealed record VenueStatus(
    string Name,
    string State,
    DateTimeOffset Since,
    string? LastError,
    DateTimeOffset? LastAnswerAt = null,
    double? AgeMs = null,
    IReadOnlyList<AccountLink>? Accounts = null);

/// <summary>How the link of one account is.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="State">As for the venue.</param>
/// <param name="LastAnswerAt">When the venue last answered on it (UTC).</param>
/// <param name="LastError">The last failure, in words.</param>
public sealed record AccountLink(string AccountId, string State, DateTimeOffset? LastAnswerAt, string? LastError);

/// <summary>Whether an order would get through.</summary>
/// <param name="Open">Whether nothing refuses it.</param>
/// <param name="Latches">The stops that hold it closed.</param>
/// <param name="Paused">The pauses of the strategy that refuse it.</param>
/// <param name="Number">The last number drawn: as of when this is true.</param>
public sealed record GateStatus(bool Open, IReadOnlyList<Latch> Latches, IReadOnlyList<StrategyPause> Paused, long Number);

/// <summary>One strategy paused within one target.</summary>
/// <param name="StrategyId">The strategy.</param>
/// <param name="Target">Within what it is paused.</param>
/// <param name="StopId">The stop that paused it.</param>
/// <param name="PausedAtNumber">The number drawn for the pause.</param>
public sealed record StrategyPause(string StrategyId, string Target, string StopId, long PausedAtNumber);
