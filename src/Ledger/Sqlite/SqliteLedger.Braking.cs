using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

/// <content>Stops, and what the brake asks.</content>
public sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public override bool RemembersOrders => true;

    /// <inheritdoc/>
    public override long LastRemembered => _active.Upto;

    /// <inheritdoc/>
    public override RememberedOrder? Recall(OrderId order) => _active.Recall(order);

    /// <inheritdoc/>
    public override ImmutableArray<UserId> RememberedUsers(StrategyId? strategy) => _active.Users(strategy);

    /// <inheritdoc/>
    public override ValueTask<EngageAnswer> EngageAsync(StopId id, EmergencyStopRequest request, CancellationToken cancellationToken) =>
        new(AtOnce(new EngageJob(id, request, Time, _queue), cancellationToken));

    /// <inheritdoc/>
    public override Task<EngageAnswer> ReplayAsync(SpooledStop stop, string? note, CancellationToken cancellationToken) =>
        Urgent(new EngageJob(stop.Id, stop.Request, Time, _queue, new(note)), cancellationToken);
}
