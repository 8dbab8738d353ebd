using EmergencyStop.Ids;
using EmergencyStop.Strategies;

namespace EmergencyStop.Api.Stopping;

/// <summary>What became of telling one strategy.</summary>
/// <param name="StrategyId">The strategy.</param>
/// <param name="Kind">What it was told.</param>
/// <param name="State">Whether it has acknowledged it.</param>
/// <param name="NoticeId">The notice's id, as in its <c>webhook-id</c> header.</param>
/// <param name="At">When that was learned.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Why">Why it was not told.</param>
public sealed record NoticeResponse(
    StrategyId StrategyId, NoticeKind Kind, NoticeState State, string NoticeId, DateTimeOffset At, int Attempts, string? Why)
{
    internal NoticeResponse(NoticeOutcome n)
        : this(n.Notice.Strategy, n.Notice.Kind, n.State, n.Notice.Id, n.At, n.Attempts, n.Why)
    {
    }
}
