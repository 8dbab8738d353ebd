namespace EmergencyStop.Client;

/// <summary>What kind of thing a stop is aimed at.</summary>
public enum EmergencyStopScope
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>One user's book.</summary>
    User,

    /// <summary>One strategy.</summary>
    Strategy,

    /// <summary>One symbol.</summary>
    Symbol,

    /// <summary>Everything.</summary>
    System,

    /// <summary>One symbol in one user's book.</summary>
    UserSymbol,
}

/// <summary>Why a stop is engaged, for programs.</summary>
public enum EmergencyStopReason
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>A person asked for it; the default.</summary>
    UserInitiated,

    /// <summary>A risk limit was broken.</summary>
    RiskViolation,

    /// <summary>Something of ours is broken.</summary>
    SystemError,

    /// <summary>The market itself.</summary>
    MarketCondition,

    /// <summary>A link is down or unsteady.</summary>
    ConnectivityIssue,

    /// <summary>A regulator or an exchange asked for it.</summary>
    RegulatoryHalt,
}

/// <summary>How far a stop is. A release stands beside it and is no state.</summary>
public enum StopState
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>The gate is closed; the rest is under way.</summary>
    Working,

    /// <summary>Everything owed is met.</summary>
    Completed,

    /// <summary>The flow has been through and something is unmet; it is tried again until met.</summary>
    Outstanding,
}

/// <summary>What is proven of a stop's hold on its gate.</summary>
public enum StopGate
{
    /// <summary>A word of a later version of the service, or none of an earlier one.</summary>
    Unrecognized,

    /// <summary>Closed: the ledger has it.</summary>
    Closed,

    /// <summary>Closed in the process that took the stop, which admits nothing; nobody else has proof of it.</summary>
    Unproven,

    /// <summary>This stop holds nothing: it was cancel-only, or is released.</summary>
    Open,
}

/// <summary>What a stop owes.</summary>
public enum ObligationKind
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>An order must come to a proven end.</summary>
    Order,

    /// <summary>A strategy must be paused.</summary>
    Strategy,

    /// <summary>A position must be closed.</summary>
    Position,

    /// <summary>A mass cancel must be answered.</summary>
    MassCancel,

    /// <summary>An account must be looked at again.</summary>
    Verification,
}

/// <summary>What became of one thing owed.</summary>
public enum OutcomeKind
{
    /// <summary>A word of a later version of the service.</summary>
    Unrecognized,

    /// <summary>The venue confirms the cancel.</summary>
    Cancelled,

    /// <summary>The order never left.</summary>
    NeverSent,

    /// <summary>It traded before it could be cancelled.</summary>
    Filled,

    /// <summary>It expired, or came to another end of its own.</summary>
    Ended,

    /// <summary>The venue refused it.</summary>
    Rejected,

    /// <summary>The strategy is paused.</summary>
    Paused,

    /// <summary>The position is closed.</summary>
    Closed,

    /// <summary>Nobody can tell yet; unmet.</summary>
    Unknown,

    /// <summary>It was tried and failed; unmet.</summary>
    Failed,

    /// <summary>A named person gave it up, with a reason.</summary>
    Waived,
}
