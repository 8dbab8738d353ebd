using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>What kind of thing a stop is aimed at.</summary>
[GenerateSerializer, Alias("emergency-stop-scope")]
public enum EmergencyStopScope
{
    /// <summary>One user's whole book. Wire name <c>USER</c>.</summary>
    User,

    /// <summary>One strategy, whoever it trades for. Wire name <c>STRATEGY</c>.</summary>
    Strategy,

    /// <summary>One symbol, whoever trades it. Wire name <c>SYMBOL</c>.</summary>
    Symbol,

    /// <summary>Everything. Wire name <c>SYSTEM</c>.</summary>
    System,

    /// <summary>One symbol in one user's book: a trader's own stop. Wire name <c>USER/SYMBOL</c>.</summary>
    UserSymbol,
}

/// <summary>Why a stop was engaged, as a code; free text stands beside it.</summary>
[GenerateSerializer, Alias("emergency-stop-reason")]
public enum EmergencyStopReason
{
    /// <summary>A person decided. Wire name <c>USER_INITIATED</c>; the default.</summary>
    UserInitiated,

    /// <summary>A risk limit was broken. Wire name <c>RISK_VIOLATION</c>.</summary>
    RiskViolation,

    /// <summary>The service or a part of it is in doubt. Wire name <c>SYSTEM_ERROR</c>.</summary>
    SystemError,

    /// <summary>The market behaves in a way nobody planned for. Wire name <c>MARKET_CONDITION</c>.</summary>
    MarketCondition,

    /// <summary>A connection or a heartbeat was lost. Wire name <c>CONNECTIVITY_ISSUE</c>.</summary>
    ConnectivityIssue,

    /// <summary>A regulator or an exchange halted trading. Wire name <c>REGULATORY_HALT</c>.</summary>
    RegulatoryHalt,
}

/// <summary>How far a stop is. A release is a time and a name beside it, not a state.</summary>
[GenerateSerializer, Alias("stop-state")]
public enum StopState
{
    /// <summary>The gate is closed; the flow is under way.</summary>
    Working,

    /// <summary>Every obligation is met by evidence.</summary>
    Completed,

    /// <summary>The flow has been through, and at least one obligation is unmet; it is retried.</summary>
    Outstanding,
}

/// <summary>What a stop owes.</summary>
[GenerateSerializer, Alias("obligation-kind")]
public enum ObligationKind
{
    /// <summary>An order that must be brought to an end.</summary>
    Order,

    /// <summary>A strategy that must be paused.</summary>
    Strategy,

    /// <summary>A position that must be closed.</summary>
    Position,

    /// <summary>A venue's mass cancel that must be known to be over.</summary>
    MassCancel,

    /// <summary>An account whose open orders must be read from the venue after the gate closed.</summary>
    Verification,
}

/// <summary>What became of one obligation.</summary>
[GenerateSerializer, Alias("outcome-kind")]
public enum OutcomeKind
{
    /// <summary>Order: cancelled, confirmed by the venue.</summary>
    Cancelled,

    /// <summary>Order: it never left.</summary>
    NeverSent,

    /// <summary>Order: wholly filled before the cancel reached it.</summary>
    Filled,

    /// <summary>Order: ended otherwise at the venue. Verification and mass cancel: over.</summary>
    Ended,

    /// <summary>Order: the venue had refused it.</summary>
    Rejected,

    /// <summary>Strategy: paused in the ledger.</summary>
    Paused,

    /// <summary>Position: flat, nothing working and nothing in flight.</summary>
    Closed,

    /// <summary>Nobody can say yet; it is asked again.</summary>
    Unknown,

    /// <summary>It did not work; the phase and the reason say how far it came. It is tried again.</summary>
    Failed,

    /// <summary>A named person gave the debt up, with a reason.</summary>
    Waived,
}

/// <summary>Facts about outcomes.</summary>
public static class OutcomeKinds
{
    /// <summary>Whether the obligation is met: only evidence, or a named waiver, pays.</summary>
    public static bool IsMet(this OutcomeKind kind) => kind is not (OutcomeKind.Unknown or OutcomeKind.Failed);
}
