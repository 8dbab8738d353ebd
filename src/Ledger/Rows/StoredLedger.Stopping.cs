using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

public abstract partial class StoredLedger
{
    /// <inheritdoc/>
    public abstract ValueTask<EngageAnswer> EngageAsync(StopId id, EmergencyStopRequest request, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Stop?> FindStopAsync(StopId stop, CancellationToken cancellationToken) =>
        ReadOne(session => StopRows.Find(session, stop));

    /// <inheritdoc/>
    public Task<ImmutableArray<Stop>> HoldingStopsAsync(UserId? over, CancellationToken cancellationToken) =>
        ReadAsync(session => StopRows.Holding(session, over).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemOutcome>> OutcomesAsync(StopId stop, CancellationToken cancellationToken) =>
        ReadAsync(session => OutcomeRows.Of(session, stop).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Stop>> UnfinishedStopsAsync(CancellationToken cancellationToken) =>
        ReadAsync(static session => StopRows.Unfinished(session).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Stop>> StopsOnAsync(StopTarget target, int limit, CancellationToken cancellationToken) =>
        ReadAsync(session => StopRows.On(session, target, limit).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<StopSummary>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var limit = Checked(query.Limit, LargestPage, nameof(query.Limit));
        var before = Cursor.Number(query.Cursor);
        return ReadAsync(
            session =>
            {
                var rows = StopRows.History(session, query.User, before, limit + 1);
                return rows.Count > limit
                    ? new Page<StopSummary>([.. rows.Take(limit)], Cursor.Of(rows[limit - 1].Stop.Number))
                    : new([.. rows], null);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StopCounts> CountsAsync(CancellationToken cancellationToken) => ReadAsync(StopRows.Counts, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<UnmetFigures>> UnmetFiguresAsync(CancellationToken cancellationToken) =>
        ReadAsync(static session => OutcomeRows.UnmetFigures(session).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task RecordOutcomesAsync(StopId stop, ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellationToken) =>
        Cut(new EvidenceWork(stop, [], outcomes, Time.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public Task<Stop> ProgressAsync(
        StopId stop, StopState state, StopClocks clocks, ImmutableArray<string> unprotected, DateTimeOffset at, CancellationToken cancellationToken) =>
        Normal(transaction => StopWork.Progress(transaction, stop, state, clocks, unprotected, at), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> UnprotectedAsync(StopId stop, CancellationToken cancellationToken) =>
        ReadAsync(session => PositionRows.Unprotected(session, Active, stop), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> InferredAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        ReadAsync(session => ReopenWork.Inferred(session, since).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) =>
        Wait(ReleaseAndResumeAsync(request), cancellationToken);

    private async Task<ReleaseAnswer> ReleaseAndResumeAsync(ReleaseRequest request)
    {
        var answer = await Urgent(transaction => StopWork.Release(transaction, request), CancellationToken.None);
        switch (answer)
        {
            case ReleaseAnswer.Outstanding { Stop: var stop } outstanding:
                var at = Time.GetUtcNow();
                return outstanding with
                {
                    Items = await ReadAsync(session => StopWork.Outstanding(session, Active, stop, at), CancellationToken.None),
                };

            case ReleaseAnswer.Released released when request.ResumeStrategies && !released.StillPaused.IsEmpty:
                var (more, stillPaused) = (true, released.StillPaused);
                while (more)
                {
                    (more, stillPaused) = await Urgent(transaction => StopWork.ResumeSome(transaction, request), CancellationToken.None);
                }

                return released with { StillPaused = stillPaused };

            default:
                return answer;
        }
    }
}
