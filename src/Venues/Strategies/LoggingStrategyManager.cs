using EmergencyStop.Ids;
using EmergencyStop.Strategies;
using Microsoft.Extensions.Logging;

namespace EmergencyStop.Venues.Strategies;

/// <summary>Writes each notice to the log. The pause itself is the ledger's number, so nothing depends on it.</summary>
public sealed partial class LoggingStrategyManager(ILogger<LoggingStrategyManager> logger) : IStrategyManager
{
    /// <inheritdoc/>
    public ValueTask<string?> PausedAsync(Strategy strategy, StopId stop, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        LogPaused(strategy.Id, strategy.User, stop);
        return new((string?)null);
    }

    /// <inheritdoc/>
    public ValueTask<string?> ResumedAsync(Strategy strategy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        LogResumed(strategy.Id, strategy.User);
        return new((string?)null);
    }

    [LoggerMessage(VenueEvents.StrategyPaused, LogLevel.Information, "Strategy {StrategyId} of {UserId} is paused by stop {StopId}")]
    private partial void LogPaused(StrategyId strategyId, UserId userId, StopId stopId);

    [LoggerMessage(VenueEvents.StrategyResumed, LogLevel.Information, "Strategy {StrategyId} of {UserId} may trade again")]
    private partial void LogResumed(StrategyId strategyId, UserId userId);
}
