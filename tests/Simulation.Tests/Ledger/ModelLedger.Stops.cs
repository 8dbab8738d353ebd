using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Braking;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Stops, releases and what lies between.</content>
public sealed partial class ModelLedger
{
    private bool EngageIsUrgent => !_store.Planted.HasFlag(LedgerBug.EngageAtTail);

    /// <inheritdoc/>
    public ValueTask<EngageAnswer> EngageAsync(StopId id, EmergencyStopRequest request, CancellationToken cancellationToken)
    {
        var foretold = _store.Planted.HasFlag(LedgerBug.AckBeforeCommit) ? _store.Foretell(id, request, _time.GetUtcNow()) : null;
        var committed = CommitAsync("engage", EngageIsUrgent, () => _store.Engage(id, request, _time.GetUtcNow()));
        return foretold is null ? new(Wait(committed, cancellationToken)) : new(foretold);
    }

    /// <inheritdoc/>
    public Task<EngageAnswer> ReplayAsync(SpooledStop stop, string? note, CancellationToken cancellationToken) =>
        Urgent("replay", () => _store.Replay(stop.Id, stop.Request, note, _time.GetUtcNow()), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Stop?> FindStopAsync(StopId stop, CancellationToken cancellationToken) =>
        new(Read("find stop", () => _store.FindStop(stop), cancellationToken));

    /// <inheritdoc/>
    public Task<ImmutableArray<Stop>> HoldingStopsAsync(UserId? over, CancellationToken cancellationToken) =>
        Read("holding stops", () => _store.HoldingStops(over), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ItemOutcome>> OutcomesAsync(StopId stop, CancellationToken cancellationToken) =>
        Read("outcomes", () => _store.OutcomesOf(stop), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Stop>> UnfinishedStopsAsync(CancellationToken cancellationToken) =>
        Read("unfinished stops", _store.UnfinishedStops, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Stop>> StopsOnAsync(StopTarget target, int limit, CancellationToken cancellationToken) =>
        Read("stops on", () => _store.StopsOn(target, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<StopSummary>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        _ = Checked(query.Limit, nameof(query.Limit));
        var before = Cursor.Number(query.Cursor);
        return Read("history", () => _store.History(query, before), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StopCounts> CountsAsync(CancellationToken cancellationToken) => Read("counts", _store.Counts, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<UnmetFigures>> UnmetFiguresAsync(CancellationToken cancellationToken) =>
        Read("unmet figures", _store.UnmetFigures, cancellationToken);

    /// <inheritdoc/>
    public Task RecordOutcomesAsync(StopId stop, ImmutableArray<ItemOutcome> outcomes, CancellationToken cancellationToken) =>
        Wait(CutAsync("record outcomes", stop, [], outcomes), cancellationToken);

    /// <inheritdoc/>
    public Task<Stop> ProgressAsync(
        StopId stop, StopState state, StopClocks clocks, ImmutableArray<string> unprotected, DateTimeOffset at, CancellationToken cancellationToken) =>
        Commit("progress", () => _store.Progress(stop, state, clocks, unprotected, at), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> UnprotectedAsync(StopId stop, CancellationToken cancellationToken) =>
        Read("unprotected", () => _store.Unprotected(stop), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Order>> InferredAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        Read("inferred", () => _store.Inferred(since), cancellationToken);

    /// <inheritdoc/>
    public Task<ReleaseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) =>
        Wait(ReleaseAndResumeAsync(request), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<Obligation>> ObligationsAsync(ObligationQuery query, AccountId? account, DateTimeOffset at, CancellationToken cancellationToken)
    {
        _ = Checked(query.Limit, nameof(query.Limit));
        var after = Cursor.Key(query.Cursor);
        return Read("obligations", () => _store.Obligations(query, account, after, at), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<WaiveAnswer> WaiveAsync(WaiveRequest request, CancellationToken cancellationToken) =>
        Urgent("waive", () => _store.Waive(request), cancellationToken);

    /// <inheritdoc/>
    public Task<ReleaseAnswer> NarrowAsync(ReleaseRequest request, ImmutableDictionary<AccountId, UserId> users, CancellationToken cancellationToken) =>
        Urgent("narrow", () => _store.Narrow(request, users), cancellationToken);

    /// <inheritdoc/>
    public Task<ExceptAnswer> ExceptAsync(ExceptRequest request, ImmutableDictionary<AccountId, UserId> users, CancellationToken cancellationToken) =>
        Urgent("except", () => _store.Except(request, users), cancellationToken);

    /// <inheritdoc/>
    public Task<ExceptAnswer> PutBackAsync(ExceptRequest request, CancellationToken cancellationToken) =>
        Urgent("put back", () => _store.PutBack(request), cancellationToken);

    /// <inheritdoc/>
    public Task<EscalateAnswer> EscalateAsync(EscalateRequest request, CancellationToken cancellationToken) =>
        Urgent("escalate", () => _store.Escalate(request), cancellationToken);

    /// <inheritdoc/>
    public Task<Stop> EndPassAsync(Stop read, PassEnd end, CancellationToken cancellationToken) =>
        Commit("end pass", () => _store.EndPass(read, end), cancellationToken);

    /// <summary>The release is one commit; each part of the resumes is one of its own.</summary>
    private async Task<ReleaseAnswer> ReleaseAndResumeAsync(ReleaseRequest request)
    {
        var answer = await CommitAsync("release", urgent: true, () => _store.Release(request)).ConfigureAwait(false);
        switch (answer)
        {
            case ReleaseAnswer.Outstanding { Stop: var stop } outstanding:
                var at = _time.GetUtcNow();
                return outstanding with { Items = await ReadAsync("outstanding", () => _store.Outstanding(stop, at)).ConfigureAwait(false) };

            case ReleaseAnswer.Released released when request.ResumeStrategies && !released.StillPaused.IsEmpty:
                var (more, stillPaused) = (true, released.StillPaused);
                while (more)
                {
                    (more, stillPaused) = await CommitAsync("resume some", urgent: true, () => _store.ResumeSome(request, Math.Min(_cut, MostResumed))).ConfigureAwait(false);
                }

                return released with { StillPaused = stillPaused };

            default:
                return answer;
        }
    }
}
