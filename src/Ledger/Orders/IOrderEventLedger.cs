using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Orders;

/// <summary>The changes of orders, in order: each stands in the commit that made it.</summary>
public interface IOrderEventLedger
{
    /// <summary>A page of changes after an id.</summary>
    /// <remarks>One page looks at a bounded stretch: it may hold none that match and yet not be the last.</remarks>
    Task<OrderEventPage> OrderEventsAsync(OrderEventQuery query, CancellationToken cancellationToken);

    /// <summary>The admissions and rejections after an id, without the orders' rows: for whoever counts, at a fraction of the cost.</summary>
    /// <remarks>One page looks at a bounded stretch, as above. Orders of every origin are in it.</remarks>
    Task<OrderCountPage> OrderCountsAsync(long after, CancellationToken cancellationToken);

    /// <summary>Done once there may be a change after this id; woken by the commit that writes it.</summary>
    Task OrderEventsAfterAsync(long after, CancellationToken cancellationToken);

    /// <summary>Drops what is older than <paramref name="before"/>, or more than <paramref name="most"/> changes back; at most a short stretch of it, and never the last commit's.</summary>
    /// <returns>Whether more is to be dropped.</returns>
    Task<bool> PruneOrderEventsAsync(DateTimeOffset before, long most, CancellationToken cancellationToken);
}

/// <summary>Which changes.</summary>
/// <param name="After">After this id; 0 for all that are kept.</param>
/// <param name="User">Of this user's orders only.</param>
/// <param name="Strategy">Of this strategy's only.</param>
/// <param name="Symbol">In this symbol only.</param>
public sealed record OrderEventQuery(long After, UserId? User = null, StrategyId? Strategy = null, Symbol? Symbol = null);

/// <summary>A page of changes.</summary>
/// <param name="Events">Those that match, by id.</param>
/// <param name="Through">The id up to which was looked; go on after it.</param>
/// <param name="Oldest">The oldest id that is kept; 1 where there was none yet.</param>
/// <param name="Last">The newest id; 0 where there was none yet.</param>
public sealed record OrderEventPage(ImmutableArray<OrderEvent> Events, long Through, long Oldest, long Last);

/// <summary>A page of admissions and rejections.</summary>
/// <param name="Orders">Those of the stretch, by id.</param>
/// <param name="Through">The id up to which was looked; go on after it.</param>
/// <param name="Last">The newest id; 0 where there was none yet.</param>
public sealed record OrderCountPage(ImmutableArray<CountedOrder> Orders, long Through, long Last);

/// <summary>An order that was admitted, or that the venue has rejected.</summary>
/// <param name="Id">The change's place in the one order of changes.</param>
/// <param name="At">When that was learned (UTC).</param>
/// <param name="User">Whose order it is.</param>
/// <param name="Strategy">Of which strategy.</param>
/// <param name="Rejected">Rejected; otherwise admitted.</param>
public sealed record CountedOrder(long Id, DateTimeOffset At, UserId User, StrategyId? Strategy, bool Rejected);
