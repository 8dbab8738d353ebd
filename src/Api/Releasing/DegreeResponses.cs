using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Api.Releasing;

/// <summary>A page of unmet debts, by stop, kind and item.</summary>
/// <param name="Obligations">The debts.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record ObligationsResponse(ImmutableArray<ObligationResponse> Obligations, string? NextCursor);

/// <summary>One unmet debt of one stop; it is tried again until it is met or waived.</summary>
/// <param name="StopId">The stop that owes it.</param>
/// <param name="Target">What that stop stopped.</param>
/// <param name="Kind">What is owed.</param>
/// <param name="Item">Which: an order id, a strategy id, <c>account/symbol</c>, or an account.</param>
/// <param name="Outcome"><c>unknown</c> or <c>failed</c>.</param>
/// <param name="Phase">How far the last try came.</param>
/// <param name="Reason">The last answer, in words.</param>
/// <param name="Attempts">How often it was tried; 0 before the first try.</param>
/// <param name="Since">When the debt arose.</param>
/// <param name="AgeMs">How long ago that is.</param>
/// <param name="LastTry">When it was tried last; null before the first try.</param>
/// <param name="NextTry">When it is tried next.</param>
/// <param name="UserId">Whose book it is in; null when nobody can say.</param>
public sealed record ObligationResponse(
    StopId StopId,
    StopTarget Target,
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
    UserId? UserId)
{
    internal ObligationResponse(Obligation o, DateTimeOffset now)
        : this(
            o.Stop,
            o.Target,
            o.Item.Kind,
            o.Item.Item,
            o.Item.Outcome,
            o.Item.Phase,
            o.Item.Reason,
            o.Item.Attempts,
            o.Since,
            Math.Max(0, Math.Round((now - o.Since).TotalMilliseconds, 3)),
            o.Item.Attempts == 0 ? null : o.Item.At,
            o.Item.NextTry,
            o.User)
    {
    }
}

/// <summary>A debt that was given up.</summary>
/// <param name="StopId">The stop that owed it.</param>
/// <param name="Kind">What was owed.</param>
/// <param name="Item">Which.</param>
/// <param name="Outcome"><c>waived</c>.</param>
/// <param name="Reason">By whom, and why.</param>
/// <param name="At">When.</param>
/// <param name="State">How far the stop is: completed when that was its last debt.</param>
public sealed record WaiveResponse(
    StopId StopId, ObligationKind Kind, string Item, OutcomeKind Outcome, string? Reason, DateTimeOffset At, StopState State)
{
    internal WaiveResponse(Stop stop, ItemOutcome item)
        : this(stop.Id, item.Kind, item.Item, item.Outcome, item.Reason, item.At, stop.State)
    {
    }
}

/// <summary>What is carved out of a stop now.</summary>
/// <param name="StopId">The stop.</param>
/// <param name="Target">What it stops.</param>
/// <param name="State">How far it is: working again after a part was put back.</param>
/// <param name="Except">The parts that may trade.</param>
public sealed record ExceptResponse(StopId StopId, StopTarget Target, StopState State, ImmutableArray<CarveOutResponse> Except)
{
    internal ExceptResponse(Stop stop)
        : this(stop.Id, stop.Target, stop.State, CarveOutResponse.InForce(stop))
    {
    }
}

/// <summary>A part of a stopped target that may trade.</summary>
/// <param name="Target">The part.</param>
/// <param name="By">Who carved it out.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
public sealed record CarveOutResponse(StopTarget Target, string By, DateTimeOffset At, string Reason)
{
    internal static ImmutableArray<CarveOutResponse> InForce(Stop stop) => stop.CarveOuts.IsDefaultOrEmpty
        ? []
        : [.. stop.CarveOuts.Where(c => c.IsInForce).Select(c => new CarveOutResponse(c.Target, c.By, c.At, c.Reason))];
}
