using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Strategies;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Rows;

public abstract partial class StoredLedger
{
    /// <inheritdoc/>
    public Task<Strategy?> RegisterAsync(
        StrategyId strategy, UserId user, string? name, string? callbackUrl, bool mayChangeOwner, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(
            transaction =>
            {
                var standing = StrategyRows.Find(transaction.Session, strategy);
                if (standing is not null && standing.User != user && !mayChangeOwner)
                {
                    return null;
                }

                var next = (standing ?? new(strategy, user, null, null, Values.Stored(at), [])) with
                {
                    User = user, Name = name, CallbackUrl = callbackUrl,
                };
                StrategyRows.Write(transaction.Session, next);
                if (standing?.User != user)
                {
                    StrategyRows.AuditRegistration(transaction, strategy, user, user.Value, "registration", at);
                }

                return next;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Strategy?> FindStrategyAsync(StrategyId strategy, CancellationToken cancellationToken) =>
        ReadOne(session => StrategyRows.Find(session, strategy));

    /// <inheritdoc/>
    public Task<Page<Strategy>> StrategiesAsync(UserId? user, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var after = Cursor.Key(cursor);
        _ = Checked(limit, LargestPage, nameof(limit));
        return ReadAsync(
            session =>
            {
                var rows = StrategyRows.Page(session, user, after, limit + 1);
                return rows.Length > limit
                    ? new Page<Strategy>(rows[..limit], Cursor.Of(rows[limit - 1].Id.Value))
                    : new(rows, null);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Strategy>> StrategiesInAsync(StopTarget target, CancellationToken cancellationToken) =>
        ReadAsync(session => StrategyRows.In(session, Active, target), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemOutcome>> PauseAsync(
        Stop stop, ImmutableArray<StrategyId> strategies, DateTimeOffset started, CancellationToken cancellationToken) =>
        new PauseWork(stop, strategies, started, Time).Job() is { } job
            ? Urgent(job, cancellationToken)
            : Task.FromResult(ImmutableArray<ItemOutcome>.Empty);

    /// <inheritdoc/>
    public Task<ResumeAnswer> ResumeAsync(StrategyId strategy, Caller by, string reason, DateTimeOffset at, CancellationToken cancellationToken) =>
        Urgent(transaction => PauseWork.Resume(transaction, strategy, by, reason, at), cancellationToken);
}
