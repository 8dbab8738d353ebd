using EmergencyStop.Access;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace EmergencyStop.Grains.Strategies;

/// <summary>Resolves a strategy's stop to users, and tells the strategy what the ledger has decided about it.</summary>
[Reentrant]
public sealed class StrategyGrain(ILedger ledger, SliceSweeper sweeper, NoticeDesk desk, TimeProvider time) : Grain, IStrategyGrain
{
    private StrategyId Id => StrategyId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<SliceReport> SweepAsync(Stop stop, int attempt, CancellationToken cancellationToken) =>
        await sweeper.SweepAsync(stop, await ledger.OwedAsync(stop, includeProtective: false, null, cancellationToken), attempt);

    /// <inheritdoc/>
    public Task<string?> TellPausedAsync(StopId stop, CancellationToken cancellationToken) => OfferAsync(stop, NoticeKind.Paused, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> TellResumedAsync(StopId stop, CancellationToken cancellationToken) => OfferAsync(stop, NoticeKind.Resumed, cancellationToken);

    /// <inheritdoc/>
    public async Task<ResumeAnswer> ResumeAsync(Caller by, string reason, CancellationToken cancellationToken)
    {
        var before = await ledger.FindStrategyAsync(Id, cancellationToken);
        var answer = await ledger.ResumeAsync(Id, by, reason, time.GetUtcNow(), cancellationToken);
        if (answer is ResumeAnswer.Resumed resumed && before is { IsPaused: true })
        {
            foreach (var stop in before.Pauses.Except(resumed.Strategy.Pauses).Select(p => p.Stop).Distinct())
            {
                await OfferAsync(stop, NoticeKind.Resumed, cancellationToken);
            }
        }

        return answer;
    }

    private async Task<string?> OfferAsync(StopId id, NoticeKind kind, CancellationToken cancellationToken)
    {
        if (await ledger.FindStrategyAsync(Id, cancellationToken) is not { } strategy)
        {
            return "no such strategy";
        }

        if (strategy.CallbackUrl is null || await ledger.FindStopAsync(id, cancellationToken) is not { } stop)
        {
            return null;
        }

        await desk.OfferAsync(stop, Id, kind);
        return null;
    }
}
