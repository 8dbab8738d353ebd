using EmergencyStop.Ids;
using EmergencyStop.Strategies;

namespace EmergencyStop.Venues.Strategies;

/// <summary>Tells strategies what has been decided about them. A notice only: the pause itself is the ledger's number.</summary>
public interface IStrategyManager
{
    /// <summary>Tells a strategy that it is paused; never throws, bounded in time.</summary>
    /// <returns><c>null</c> when told or when there is nobody to tell; otherwise what went wrong, in words.</returns>
    ValueTask<string?> PausedAsync(Strategy strategy, StopId stop, CancellationToken cancellationToken);

    /// <summary>Tells a strategy that it may trade again; never throws, bounded in time.</summary>
    ValueTask<string?> ResumedAsync(Strategy strategy, CancellationToken cancellationToken);
}
