using EmergencyStop.Strategies;

namespace EmergencyStop.Venues.Strategies;

/// <summary>Tells strategies what has been decided about them. A notice only: the pause itself is the ledger's number.</summary>
public interface IStrategyManager
{
    /// <summary>Tells a strategy; never throws, bounded in time. Repeats inside; safe to call again with the same notice.</summary>
    /// <param name="strategy">Whom, with where it is to be told.</param>
    /// <param name="notice">What.</param>
    /// <param name="cancellationToken">Gives it up; the strategy may or may not have heard.</param>
    ValueTask<NoticeAnswer> TellAsync(Strategy strategy, StrategyNotice notice, CancellationToken cancellationToken);
}

/// <summary>Whether a strategy was told.</summary>
/// <param name="Told">It has acknowledged the notice.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Why">Why it was not told, in words of this service, never the other side's.</param>
public sealed record NoticeAnswer(bool Told, int Attempts, string? Why);
