using EmergencyStop.Ids;
using EmergencyStop.Stopping;

namespace EmergencyStop.Strategies;

/// <summary>What a strategy is told.</summary>
public enum NoticeKind
{
    /// <summary>It was paused; its orders are refused from the pause's number on, whether or not it hears of it.</summary>
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

/// <summary>One notice to one strategy about one stop.</summary>
/// <param name="Id">The same for each repeat of it, so that a strategy knows a repeat.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Strategy">To whom.</param>
/// <param name="Stop">The stop behind it.</param>
/// <param name="Target">Within what the strategy is paused or resumed.</param>
/// <param name="ReasonCode">Why it was stopped, as a code.</param>
/// <param name="At">When that was decided (UTC).</param>
public sealed record StrategyNotice(
    string Id, NoticeKind Kind, StrategyId Strategy, StopId Stop, StopTarget Target, EmergencyStopReason ReasonCode, DateTimeOffset At);

/// <summary>What has become of a notice. It is no obligation: a pause is the ledger's number.</summary>
/// <param name="Notice">The notice.</param>
/// <param name="State">Whether the strategy was told.</param>
/// <param name="At">When that was learned (UTC).</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Why">Why it was not told, in words, without secrets or what the other side sent.</param>
public sealed record NoticeOutcome(StrategyNotice Notice, NoticeState State, DateTimeOffset At, int Attempts, string? Why);
