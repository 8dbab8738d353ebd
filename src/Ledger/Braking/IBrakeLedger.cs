using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Stopping;

namespace EmergencyStop.Ledger.Braking;

/// <summary>What the brake asks of a ledger: what it remembers while it is down, what to mirror, and to take in what was spooled.</summary>
public interface IBrakeLedger
{
    /// <summary>Whether memory holds every active order; not in a process that started without the ledger.</summary>
    bool RemembersOrders { get; }

    /// <summary>The highest number that memory knows of; an order that is admitted later has a higher one. From memory: it answers while the ledger is down.</summary>
    long LastRemembered { get; }

    /// <summary>What this process remembers of an active order, or <c>null</c>. From memory: it answers while the ledger is down.</summary>
    RememberedOrder? Recall(OrderId order);

    /// <summary>Users that have active orders, all or those of one strategy. From memory: it answers while the ledger is down.</summary>
    ImmutableArray<UserId> RememberedUsers(StrategyId? strategy);

    /// <summary>What the mirror holds, if anything of it has changed since; otherwise <c>null</c>.</summary>
    Task<MirrorReading?> MirrorAsync(MirrorMark? since, CancellationToken cancellationToken);

    /// <summary>Records a stop that was spooled, with an audit entry <c>stop.replayed</c>; only what is absent.</summary>
    /// <remarks>
    /// A stop of this id is <see cref="EngageAnswer.Repeated"/>, be it released or not: nothing is latched anew. So is a stop
    /// of the same caller and idempotency key with the same body: it is the same stop under another id (law 6). A key that
    /// was used for another body is dropped, as the spooled stop was answered and must hold.
    /// </remarks>
    /// <param name="stop">The stop.</param>
    /// <param name="note">What the audit says beside it, or <c>null</c>.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    Task<EngageAnswer> ReplayAsync(SpooledStop stop, string? note, CancellationToken cancellationToken);
}

/// <summary>What memory holds of an active order.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Strategy">Who decided on it.</param>
/// <param name="Protective">Whether it guards a position.</param>
/// <param name="Closing">Whether it closes a position for a stop.</param>
/// <param name="Number">Its place in the one order of admissions, engages, releases and resumes.</param>
/// <param name="Adopted">Whether a stop found it at the venue: numbered after that stop, and owed by it.</param>
public sealed record RememberedOrder(UserId User, StrategyId? Strategy, bool Protective, bool Closing, long Number, bool Adopted = false);
