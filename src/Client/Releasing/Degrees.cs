namespace EmergencyStop.Client;

/// <summary>One unmet debt of one stop; it is tried again until it is met or waived.</summary>
/// <param name="StopId">The stop that owes it.</param>
/// <param name="Target">What that stop stopped.</param>
/// <param name="Kind">What is owed.</param>
/// <param name="Item">Which: an order id, a strategy id, <c>account/symbol</c>, or an account.</param>
/// <param name="Outcome"><see cref="OutcomeKind.Unknown"/> or <see cref="OutcomeKind.Failed"/>.</param>
/// <param name="Phase">How far the last try came.</param>
/// <param name="Reason">The last answer, in words.</param>
/// <param name="Attempts">How often it was tried; 0 before the first try.</param>
/// <param name="Since">When the debt arose (UTC).</param>
/// <param name="AgeMs">How long ago that is, in milliseconds.</param>
/// <param name="LastTry">When it was tried last (UTC); null before the first try.</param>
/// <param name="NextTry">When it is tried next (UTC).</param>
/// <param name="UserId">Whose book it is in; null when nobody can say.</param>
public sealed record Obligation(
    string StopId,
    string Target,
    ObligationKind Kind,
    string Item,
    OutcomeKind Outcome,
    string? Phase,
    string? Reason,
    int Attempts,
    DateTimeOffset Since,
    double AgeMs,
    DateTimeOffset? LastTry,
    DateTimeOffset? NextTry,
    string? UserId);

/// <summary>A debt that was given up.</summary>
/// <param name="StopId">The stop that owed it.</param>
/// <param name="Kind">What was owed.</param>
/// <param name="Item">Which.</param>
/// <param name="Outcome"><see cref="OutcomeKind.Waived"/>.</param>
/// <param name="Reason">By whom, and why.</param>
/// <param name="At">When (UTC).</param>
/// <param name="State">How far the stop is: completed when that was its last debt.</param>
public sealed record WaiveResult(
    string StopId, ObligationKind Kind, string Item, OutcomeKind Outcome, string? Reason, DateTimeOffset At, StopState State);

/// <summary>What is carved out of a stop now.</summary>
/// <param name="StopId">The stop.</param>
/// <param name="Target">What it stops.</param>
/// <param name="State">How far it is: working again after a part was put back.</param>
/// <param name="Except">The parts that may trade.</param>
public sealed record ExceptResult(string StopId, string Target, StopState State, IReadOnlyList<CarveOut> Except);

/// <summary>A part of a stopped target that may trade.</summary>
/// <param name="Target">The part: <c>USER:alice</c>.</param>
/// <param name="By">Who carved it out.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Reason">Why.</param>
public sealed record CarveOut(string Target, string By, DateTimeOffset At, string Reason);

/// <summary>A page of debts as it is received.</summary>
internal sealed record ObligationsPage(IReadOnlyList<Obligation> Obligations, string? NextCursor);

/// <summary>A waiver as it is sent.</summary>
internal sealed record WaiveBody(ObligationKind Kind, string Item, string Reason);

/// <summary>A carve-out, or putting one back, as it is sent.</summary>
internal sealed record ExceptBody(string Target, string Reason);

/// <summary>An escalation as it is sent.</summary>
internal sealed record EscalateBody(string Reason);
