namespace EmergencyStop.Client;

/// <summary>What became of telling one strategy.</summary>
/// <param name="StrategyId">The strategy.</param>
/// <param name="Kind">What it was told.</param>
/// <param name="State">Whether it has acknowledged it.</param>
/// <param name="NoticeId">The notice's id, as in its <c>webhook-id</c> header.</param>
/// <param name="At">When that was learned (UTC).</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Why">Why it was not told.</param>
public sealed record StopNotice(
    string StrategyId, NoticeKind Kind, NoticeState State, string NoticeId, DateTimeOffset At, int Attempts, string? Why);

/// <summary>What a strategy is told.</summary>
public enum NoticeKind
{
    /// <summary>It was paused.</summary>
    Paused,

    /// <summary>It may trade again.</summary>
    Resumed,
}

/// <summary>Whether it was told.</summary>
public enum NoticeState
{
    /// <summary>The telling goes on.</summary>
    Pending,

    /// <summary>It has acknowledged the notice.</summary>
    Told,

    /// <summary>It has not; nobody tries any more.</summary>
    NotTold,
}
