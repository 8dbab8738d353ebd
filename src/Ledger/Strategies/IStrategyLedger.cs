using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Strategies;

/// <summary>The strategies' rows and pauses.</summary>
public interface IStrategyLedger
{
    /// <summary>Registers a strategy or changes its name and callback; the owner of a standing one changes only if <paramref name="mayChangeOwner"/>.</summary>
    /// <returns>The strategy after it, or <c>null</c> when it belongs to another user.</returns>
    Task<Strategy?> RegisterAsync(
        StrategyId strategy, UserId user, string? name, string? callbackUrl, bool mayChangeOwner, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>One strategy.</summary>
    ValueTask<Strategy?> FindStrategyAsync(StrategyId strategy, CancellationToken cancellationToken);

    /// <summary>A page of strategies by id.</summary>
    Task<Page<Strategy>> StrategiesAsync(UserId? user, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>The strategies that a stop on this target pauses: the strategy itself; those the user owns or trades with; those with active orders or a position in the symbol; all.</summary>
    Task<ImmutableArray<Strategy>> StrategiesInAsync(StopTarget target, CancellationToken cancellationToken);

    /// <summary>Pauses strategies within the stop's target: takes the gate lock exclusively, draws one number for all (long lists: one a commit), writes their outcomes.</summary>
    /// <remarks>A strategy paused there already by a number not yet resumed is left as it is and counts as paused. Requires nothing of the latch.</remarks>
    Task<ImmutableArray<ItemOutcome>> PauseAsync(Stop stop, ImmutableArray<StrategyId> strategies, DateTimeOffset started, CancellationToken cancellationToken);

    /// <summary>Resumes one strategy within every target whose gate is open.</summary>
    /// <remarks>Authority (<see cref="Authority.WhyNotResume"/>) is checked in the same transaction, as a pause may have come from another stop meanwhile.</remarks>
    /// <returns>What is left; refuses where each target within which it is paused is held by a latch.</returns>
    Task<ResumeAnswer> ResumeAsync(StrategyId strategy, Caller by, string reason, DateTimeOffset at, CancellationToken cancellationToken);
}
