using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Scenarios;

/// <summary>Something that somebody does, or that befalls the system, at a time. A scenario is a list of these; taking some out leaves the others as they are.</summary>
/// <param name="At">When, from the beginning.</param>
/// <param name="Number">Its own number; what is drawn by chance while it is carried out hangs on it alone.</param>
public abstract record Act(TimeSpan At, int Number)
{
    /// <summary>An order through the gate.</summary>
    public sealed record Place(TimeSpan At, int Number, OrderTerms Terms) : Act(At, Number);

    /// <summary>A cancel of an order that was placed by another act.</summary>
    public sealed record Cancel(TimeSpan At, int Number, int Order) : Act(At, Number);

    /// <summary>A change of an order that was placed by another act.</summary>
    public sealed record Replace(TimeSpan At, int Number, int Order, OrderChanges Changes, ClientOrderId Name) : Act(At, Number);

    /// <summary>An order placed at the venue past the service.</summary>
    public sealed record Foreign(TimeSpan At, int Number, OrderTerms Terms) : Act(At, Number);

    /// <summary>A reduce-only order past the gate of a stop.</summary>
    public sealed record PassGate(TimeSpan At, int Number, int Stop, OrderTerms Terms) : Act(At, Number);

    /// <summary>A stop; asked again under its key where no answer comes.</summary>
    public sealed record Press(TimeSpan At, int Number, EmergencyStopRequest Request, int Times) : Act(At, Number);

    /// <summary>A release of a stop.</summary>
    public sealed record Release(TimeSpan At, int Number, int Stop, bool Resumes, bool Despite) : Act(At, Number);

    /// <summary>A waiver of one debt of a stop, if it has one.</summary>
    public sealed record Waive(TimeSpan At, int Number, int Stop) : Act(At, Number);

    /// <summary>A carve-out of a part of a stop, or its end.</summary>
    public sealed record Except(TimeSpan At, int Number, int Stop, StopTarget Part, bool PutBack) : Act(At, Number);

    /// <summary>A stop is to close positions too.</summary>
    public sealed record Escalate(TimeSpan At, int Number, int Stop) : Act(At, Number);

    /// <summary>A strategy is resumed.</summary>
    public sealed record Resume(TimeSpan At, int Number, StrategyId Strategy) : Act(At, Number);

    /// <summary>A process is killed, and started again a while later.</summary>
    public sealed record Kill(TimeSpan At, int Number, int Slot, TimeSpan Gone) : Act(At, Number);

    /// <summary>A process is frozen for a while.</summary>
    public sealed record Freeze(TimeSpan At, int Number, int Slot, TimeSpan Lasts) : Act(At, Number);

    /// <summary>The next process that is about to send a mass cancel stands still for a while; the others take it for dead.</summary>
    public sealed record FreezeSender(TimeSpan At, int Number, TimeSpan Lasts) : Act(At, Number);

    /// <summary>A wall clock is set.</summary>
    public sealed record Jump(TimeSpan At, int Number, int Slot, TimeSpan By) : Act(At, Number);

    /// <summary>The next engage is carried out, its answer is lost, and its process cannot reach the ledger for a while.</summary>
    public sealed record LoseEngage(TimeSpan At, int Number, TimeSpan Lasts) : Act(At, Number);

    /// <summary>The ledger cannot be used for a while.</summary>
    public sealed record LedgerDown(TimeSpan At, int Number, TimeSpan Lasts) : Act(At, Number);

    /// <summary>One process cannot reach the ledger for a while.</summary>
    public sealed record Cut(TimeSpan At, int Number, int Slot, TimeSpan Lasts) : Act(At, Number);

    /// <summary>The venue, or one account of it, cannot be reached for a while.</summary>
    public sealed record VenueDown(TimeSpan At, int Number, AccountId? Account, TimeSpan Lasts) : Act(At, Number);

    /// <summary>The market is closed for a while.</summary>
    public sealed record MarketClosed(TimeSpan At, int Number, TimeSpan Lasts) : Act(At, Number);
}

/// <summary>A strategy and whose it is.</summary>
public sealed record OwnedStrategy(StrategyId Id, UserId Owner);

/// <summary>How the venue of a history is.</summary>
public sealed record VenueKind(bool Pushes, bool MassCancel, bool EnforcesReduceOnly, bool OrdersDieWithSession);

/// <summary>Everything that a history is made of, beside its seed.</summary>
public sealed record Plan(
    ulong Seed,
    int Processes,
    ImmutableArray<UserId> Users,
    ImmutableArray<OwnedStrategy> Strategies,
    ImmutableArray<Symbol> Symbols,
    VenueKind Venue,
    Rates Rates,
    ImmutableArray<double> Drift,
    TimeSpan Chaos,
    ImmutableArray<Act> Acts)
{
    public int Orders => Acts.Count(a => a is Act.Place);

    public int Stops => Acts.Count(a => a is Act.Press);
}
