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

    /// <summary>Whether it holds a latch now.</summary>
    public bool HoldsLatch => !Options.CancelOnly && Release is null;

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
    [property: Id(6)] string By);
