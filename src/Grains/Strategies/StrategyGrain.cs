using EmergencyStop.Access;
using EmergencyStop.Grains.Stopping;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;
using EmergencyStop.Venues.Strategies;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace EmergencyStop.Grains.Strategies;

/// <summary>Resolves a strategy's stop to users, and tells the strategy what the ledger has decided about it.</summary>
[Reentrant]
public sealed class StrategyGrain(ILedger ledger, SliceSweeper sweeper, IStrategyManager manager, TimeProvider time) : Grain, IStrategyGrain
{
    private StrategyId Id => StrategyId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<SliceReport> SweepAsync(Stop stop, int attempt, CancellationToken cancellationToken) =>
        await sweeper.SweepAsync(stop, await ledger.OwedAsync(stop, includeProtective: false, null, cancellationToken), attempt);

    /// <inheritdoc/>
    public async Task<string?> TellPausedAsync(StopId stop, CancellationToken cancellationToken) =>
        await ledger.FindStrategyAsync(Id, cancellationToken) is { } strategy
            ? await manager.PausedAsync(strategy, stop, cancellationToken)
            : "no such strategy";

    /// <inheritdoc/>
    public async Task<ResumeAnswer> ResumeAsync(Caller by, string reason, CancellationToken cancellationToken)
    {
        var answer = await ledger.ResumeAsync(Id, by, reason, time.GetUtcNow(), cancellationToken);
        if (answer is ResumeAnswer.Resumed resumed)
        {
            await manager.ResumedAsync(resumed.Strategy, cancellationToken);
        }

        return answer;
    }
}
