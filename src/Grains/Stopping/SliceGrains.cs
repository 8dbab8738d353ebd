using EmergencyStop.Ledger;
using EmergencyStop.Stopping;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace EmergencyStop.Grains.Stopping;

/// <summary>Resolves a symbol's stop to users.</summary>
[Reentrant]
public sealed class SymbolGrain(ILedger ledger, SliceSweeper sweeper) : Grain, ISymbolGrain
{
    /// <inheritdoc/>
    public async Task<SliceReport> SweepAsync(Stop stop, int attempt, CancellationToken cancellationToken) =>
        await sweeper.SweepAsync(stop, await ledger.OwedAsync(stop, includeProtective: false, null, cancellationToken), attempt);
}

/// <summary>One slice of a SYSTEM fan-out; the partition is the last part of its key.</summary>
[Reentrant]
public sealed class StopPartitionGrain(ILedger ledger, SliceSweeper sweeper) : Grain, IStopPartitionGrain
{
    /// <inheritdoc/>
    public async Task<SliceReport> SweepAsync(Stop stop, int attempt, CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var partition = int.Parse(key.AsSpan(key.LastIndexOf('/') + 1), provider: null);
        return await sweeper.SweepAsync(stop, await ledger.OwedAsync(stop, includeProtective: false, partition, cancellationToken), attempt);
    }
}
