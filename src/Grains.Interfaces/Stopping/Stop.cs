using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using Orleans;

namespace EmergencyStop.Stopping;

/// <summary>A stop's row in the ledger, as of one moment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">Its place in the one order of admissions, engages, releases and resumes: it owes the orders numbered before it.</param>
/// <param name="Request">Who asked for what, and why.</param>
/// <param name="State">How far it is.</param>
/// <param name="Clocks">The five clocks.</param>
/// <param name="UnprotectedPositions">Positions left without their protective order: <c>account/symbol</c>.</param>
/// <param name="FinishedAt">When it last became completed or outstanding (UTC).</param>
/// <param name="Release">Who released it, when and why; <c>null</c> while it holds.</param>
[GenerateSerializer, Immutable, Alias("stop")]
public sealed record Stop(
    [property: Id(0)] StopId Id,
    [property: Id(1)] long Number,
    [property: Id(2)] EmergencyStopRequest Request,
    [property: Id(3)] StopState State,
    [property: Id(4)] StopClocks Clocks,
    [property: Id(5)] ImmutableArray<string> UnprotectedPositions,
    [property: Id(6)] DateTimeOffset? FinishedAt,
    [property: Id(7)] StopRelease? Release)
{
    /// <summary>What it stops.</summary>
    public StopTarget Target => Request.Target;

    /// <summary>What it does beside closing the gate.</summary>
    public StopOptions Options => Request.Options;

    /// <summary>What was carved out of it, in force or put back since, by number.</summary>
    [Id(8)]
    public ImmutableArray<CarveOut> CarveOuts { get; init; } = [];

    /// <summary>How it was narrowed to those who still owe something; <c>null</c> while it holds all of its target, and after a release.</summary>
    [Id(9)]
    public StopNarrowing? Narrowed { get; init; }

    /// <summary>When it was last set to work anew, by a put-back or an escalation; <c>null</c> when never.</summary>
    [Id(10)]
    public StopAgain? Again { get; init; }

    /// <summary>When its next pass is due (UTC), which tries everything unmet again; <c>null</c> before its first pass has ended.</summary>
    [Id(11)]
    public DateTimeOffset? NextTry { get; init; }

    /// <summary>Whether it holds a latch now.</summary>
    public bool HoldsLatch => !Options.CancelOnly && Release is null && Narrowed is not { Holds.IsEmpty: true };

    /// <summary>What it holds closed now, carve-outs apart.</summary>
    public ImmutableArray<StopTarget> LatchedTargets => HoldsLatch ? Narrowed?.Holds ?? [Target] : [];

    /// <summary>When its flow was last begun: at the press, or when it was set to work anew (UTC).</summary>
    public DateTimeOffset WorkingSince => Again?.At ?? Request.RequestedAt;

    /// <summary>Every order that it may owe is numbered below this.</summary>
    public long OwesUpTo => CarveOuts.IsDefaultOrEmpty ? Number : Math.Max(Number, CarveOuts.Max(c => c.PutBack ?? 0));

    /// <summary>Whether it must bring this order to its end: it covers it, and the order was admitted before the stop, or before the put-back that closed its gate again.</summary>
    public bool Owes(Order order)
    {
        if (!Covers(order.Terms))
        {
            return false;
        }

        return order.Number < Number
            || (!CarveOuts.IsDefaultOrEmpty && CarveOuts.Any(c => order.Number < c.PutBack && c.Target.Covers(order.Terms)));
    }

    /// <summary>Whether an order that has ended was alive while the stop owed it: not before the stop, and not while it was carved out.</summary>
    public bool OwedBeforeItsEnd(Order ended) => Owes(ended) && ended.EndedAfter >= Number
        && (CarveOuts.IsDefaultOrEmpty
            || !CarveOuts.Any(c => c.Target.Covers(ended.Terms) && ended.EndedAfter >= c.Number && ended.EndedAfter < c.PutBack));

    /// <summary>Whether its scope is exactly a user's whole book behind a held latch, so that nothing else can be hit by cancelling all of it (F2).</summary>
    public bool CoversWholeBook(UserId user) => !Options.KeepProtective
        && LatchedTargets.Any(t => t.Scope == EmergencyStopScope.System || (t.Scope == EmergencyStopScope.User && t.User == user))
        && (CarveOuts.IsDefaultOrEmpty || CarveOuts.All(c => !c.IsInForce || (c.Target.User is { } other && other != user)));

    /// <summary>Whether it still holds something of a user's book that is not carved out as a whole.</summary>
    public bool HoldsSomeOf(UserId user) => LatchedTargets.Any(t => t.User is not { } only || only == user)
        && (CarveOuts.IsDefaultOrEmpty || !CarveOuts.Any(c => c is { IsInForce: true, Target.Scope: EmergencyStopScope.User } && c.Target.User == user));

    /// <summary>Whether it leaves this strategy running: it is carved out itself, or its owner's whole book is.</summary>
    public bool SparesStrategy(StrategyId strategy, UserId owner) => !CarveOuts.IsDefaultOrEmpty && CarveOuts.Any(c => c.IsInForce
        && (c.Target.Strategy == strategy || (c.Target.Scope == EmergencyStopScope.User && c.Target.User == owner)));

    /// <summary>Whether it holds the gate closed for orders with these terms.</summary>
    public bool Refuses(OrderTerms terms) => Covers(terms) && LatchedTargets.Any(t => t.Covers(terms));

    /// <summary>Whether it stops orders with these terms now: its target covers them, and no carve-out in force does.</summary>
    public bool Covers(OrderTerms terms)
    {
        if (!Target.Covers(terms))
        {
            return false;
        }

        if (!CarveOuts.IsDefaultOrEmpty)
        {
            foreach (var carved in CarveOuts)
            {
                if (carved.IsInForce && carved.Target.Covers(terms))
                {
                    return false;
                }
            }
        }

        return true;
    }
}

/// <summary>How a stop was lifted.</summary>
/// <param name="Number">The number drawn for it.</param>
/// <param name="By">Who.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Reason">Why, in words.</param>
[GenerateSerializer, Immutable, Alias("stop-release")]
public sealed record StopRelease(
    [property: Id(0)] long Number,
    [property: Id(1)] string By,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] string Reason);

/// <summary>How a stop was narrowed: it still holds those who owe it something, and the rest is open.</summary>
/// <param name="Number">The number drawn for it.</param>
/// <param name="By">Who.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Holds">What it still holds.</param>
[GenerateSerializer, Immutable, Alias("stop-narrowing")]
public sealed record StopNarrowing(
    [property: Id(0)] long Number,
    [property: Id(1)] string By,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] string Reason,
    [property: Id(4)] ImmutableArray<StopTarget> Holds);

/// <summary>When a stop that stood already was set to work anew.</summary>
/// <param name="Number">The number drawn for it.</param>
/// <param name="At">When (UTC).</param>
[GenerateSerializer, Immutable, Alias("stop-again")]
public sealed record StopAgain([property: Id(0)] long Number, [property: Id(1)] DateTimeOffset At);

/// <summary>The five clocks of a stop, each from the press; <c>null</c> until it has run, or when there was nothing to time.</summary>
/// <param name="GateClosed">The gate's row is committed.</param>
/// <param name="LastNewOrderSent">The last order admitted before the stop left for its venue after the press.</param>
/// <param name="LastCancelSent">The last cancel was sent.</param>
/// <param name="CancelsConfirmed">Every order owed is at its proven end.</param>
/// <param name="Flat">Every position asked for is closed.</param>
[GenerateSerializer, Immutable, Alias("stop-clocks")]
public sealed record StopClocks(
    [property: Id(0)] TimeSpan? GateClosed = null,
    [property: Id(1)] TimeSpan? LastNewOrderSent = null,
    [property: Id(2)] TimeSpan? LastCancelSent = null,
    [property: Id(3)] TimeSpan? CancelsConfirmed = null,
    [property: Id(4)] TimeSpan? Flat = null);

/// <summary>One stop's hold on one target's gate.</summary>
/// <param name="Stop">The stop.</param>
/// <param name="Target">The target it holds.</param>
/// <param name="Number">The stop's number.</param>
/// <param name="ReasonCode">Why, as a code.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="By">Who engaged it.</param>
[GenerateSerializer, Immutable, Alias("latch")]
public sealed record Latch(
    [property: Id(0)] StopId Stop,
    [property: Id(1)] StopTarget Target,
    [property: Id(2)] long Number,
    [property: Id(3)] EmergencyStopReason ReasonCode,
    [property: Id(4)] string Reason,
    [property: Id(5)] DateTimeOffset Since,
    [property: Id(6)] string By)
{
    /// <summary>What is carved out of its stop now: it does not refuse what one of these covers.</summary>
    [Id(7)]
    public ImmutableArray<StopTarget> Except { get; init; } = [];

    /// <summary>Whether it refuses orders with these terms.</summary>
    public bool Refuses(OrderTerms terms) => Target.Covers(terms) && !Spares(terms);

    /// <summary>Whether something carved out of its stop covers such orders.</summary>
    public bool Spares(OrderTerms terms)
    {
        if (!Except.IsDefaultOrEmpty)
        {
            foreach (var target in Except)
            {
                if (target.Covers(terms))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
