using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;

namespace EmergencyStop.Ledger.Sqlite;

public sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public bool RemembersOrders => true;

    /// <inheritdoc/>
    public long LastRemembered => _active.Upto;

    /// <inheritdoc/>
    public RememberedOrder? Recall(OrderId order) => _active.Recall(order);

    /// <inheritdoc/>
    public ImmutableArray<UserId> RememberedUsers(StrategyId? strategy) => _active.Users(strategy);

    /// <inheritdoc/>
    public Task<MirrorReading?> MirrorAsync(MirrorMark? since, CancellationToken cancellationToken) =>
        _readers.ReadAsync(session => MirrorRows.Read(session, since), cancellationToken);

    /// <inheritdoc/>
    public Task<EngageAnswer> ReplayAsync(SpooledStop stop, string? note, CancellationToken cancellationToken) =>
        Urgent(new EngageJob(stop.Id, stop.Request, _time, _queue, new(note)), cancellationToken);
}
