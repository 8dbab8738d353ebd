using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Progress and release of a stop, each inside one transaction.</summary>
internal static class StopWork
{
    /// <summary>Most strategies resumed in one commit; each has an audit entry of its own.</summary>
    private const int MostResumed = 100;

    public static Stop Progress(
        LedgerTransaction transaction, StopId id, StopState asked, StopClocks clocks, ImmutableArray<string> unprotected, DateTimeOffset at)
    {
        var stop = StopRows.Get(transaction.Session, id);
        var state = asked == StopState.Completed && OwesAny(transaction, stop) ? StopState.Outstanding : asked;
        return SetProgress(transaction, stop, state, clocks, unprotected, at);
    }

    /// <summary>Ends a pass. One that began before the stop was set to work anew, or whose debts were waived meanwhile, does not decide on its state.</summary>
    public static Stop EndPass(LedgerTransaction transaction, Stop read, PassEnd end)
    {
        var stop = StopRows.Get(transaction.Session, read.Id);
        var state = (stop.Again?.Number != read.Again?.Number, end.State, stop.State) switch
        {
            (true, _, _) => StopState.Working,
            (_, StopState.Completed, _) or (_, _, StopState.Completed) => OwesAny(transaction, stop) ? StopState.Outstanding : StopState.Completed,
            _ => end.State,
        };
        var next = state == StopState.Completed ? null : end.NextTry;
        StopRows.SetNextTry(transaction.Session, stop.Number, next);
        return SetProgress(transaction, stop, state, end.Clocks, end.Unprotected, end.At) with { NextTry = Values.Time(Values.Micros(next)) };
    }

    private static Stop SetProgress(
        LedgerTransaction transaction, Stop stop, StopState state, StopClocks clocks, ImmutableArray<string> unprotected, DateTimeOffset at)
    {
        var after = stop with
        {
            State = state,
            Clocks = new(
                stop.Clocks.GateClosed,
                stop.Clocks.LastNewOrderSent ?? clocks.LastNewOrderSent,
                stop.Clocks.LastCancelSent ?? clocks.LastCancelSent,
                stop.Clocks.CancelsConfirmed ?? clocks.CancelsConfirmed,
                stop.Clocks.Flat ?? clocks.Flat),
            UnprotectedPositions = unprotected,
            FinishedAt = state != StopState.Working && state != stop.State ? Values.Stored(at) : stop.FinishedAt,
        };
        StopRows.SetProgress(transaction.Session, after);
        if (state != stop.State)
        {
            transaction.AppendAudit(new(at, "service", "stop.progressed", stop.Id.Value, AuditDetails.Of(
                ("from", stop.State.ToString()), ("to", state.ToString()), ("unprotected_positions", unprotected))));
            transaction.Publish(StopEvents.Progressed(after, EventBooks.OfTarget(transaction.Session, stop.Target), stop.State, at));
        }

        return after;
    }

    /// <summary>Releases; the items of <see cref="ReleaseAnswer.Outstanding"/> and the resumes are left to others.</summary>
    public static ReleaseAnswer Release(LedgerTransaction transaction, ReleaseRequest request)
    {
        var session = transaction.Session;
        if (StopRows.Find(session, request.Stop) is not { } stop)
        {
            return new ReleaseAnswer.NotFound();
        }

        if (stop.Release is not null)
        {
            return new ReleaseAnswer.AlreadyReleased(stop);
        }

        if (stop.Options.CancelOnly)
        {
            return new ReleaseAnswer.HoldsNothing(stop);
        }

        if (stop.State == StopState.Working)
        {
            return new ReleaseAnswer.Working(stop);
        }

        if (OwesAny(transaction, stop))
        {
            return new ReleaseAnswer.Outstanding(stop, []);
        }

        var release = new StopRelease(transaction.DrawNumber(), request.By.DisplayName, Values.Stored(request.At), request.Reason);
        StopRows.SetRelease(session, stop.Number, release);
        var before = transaction.View;
        transaction.ChangeView(before.Without(stop.Id));
        transaction.AppendAudit(new(request.At, release.By, "stop.released", stop.Id.Value, AuditDetails.Of(
            ("number", release.Number), ("target", stop.Target.Value), ("reason", release.Reason), ("key_id", request.By.KeyId),
            ("resume_strategies", request.ResumeStrategies))));
        transaction.Publish(StopEvents.Released(stop, EventBooks.OfTarget(session, stop.Target), request, release.Number));
        EventBooks.PublishGate(transaction, before, stop, stop.LatchedTargets, release.Number, request.At);
        return new ReleaseAnswer.Released(stop with { Release = release, Narrowed = null }, Covering(transaction, stop.Target), PausedBy(transaction, stop));
    }

    /// <summary>Resumes some of the strategies that a released stop paused, where no other stop holds the gate.</summary>
    /// <returns>Whether there may be more, and what is paused still.</returns>
    public static (bool More, ImmutableArray<StrategyId> StillPaused) ResumeSome(LedgerTransaction transaction, ReleaseRequest request)
    {
        var stop = StopRows.Get(transaction.Session, request.Stop);
        var some = PausesOf(transaction, stop).Where(p => transaction.View.On(p.Target).IsEmpty).Take(MostResumed).ToImmutableArray();
        PauseWork.Resume(transaction, some, request.By.DisplayName, request.Reason, request.At);
        return (some.Length == MostResumed, PausedBy(transaction, stop));
    }

    /// <summary>What is unmet, as a person must hear it.</summary>
    public static ImmutableArray<ItemOutcome> Outstanding(LedgerSession session, IActiveOrders active, Stop stop, DateTimeOffset at)
    {
        var unmet = OutcomeRows.Unmet(session, stop.Number);
        var named = unmet.Where(o => o.Kind == ObligationKind.Order).Select(o => o.Item).ToHashSet(StringComparer.Ordinal);
        var owed = stop.Options.CancelOrders ? ScopeRows.Owed(session, active, stop, includeProtective: false, partition: null) : [];
        return
        [
            .. unmet,
            .. owed.Where(o => !named.Contains(o.Id.Value)).Select(o => new ItemOutcome(
                ObligationKind.Order, o.Id.Value, OutcomeKind.Unknown, at, TimeSpan.Zero, o.FilledQuantity, "confirm", "Its end is not proven yet.", 0)),
        ];
    }

    public static bool OwesAny(LedgerTransaction transaction, Stop stop) =>
        OutcomeRows.HasUnmet(transaction.Session, stop.Number)
        || (stop.Options.CancelOrders && ScopeRows.OwesAny(transaction.Session, transaction.Active, stop));

    private static ImmutableArray<StrategyId> PausedBy(LedgerTransaction transaction, Stop stop) =>
        [.. PausesOf(transaction, stop).Select(p => p.Strategy)];

    /// <summary>The pauses that a stop made, and those that it found on its own target and counts as its own; by strategy.</summary>
    private static IEnumerable<StrategyPause> PausesOf(LedgerTransaction transaction, Stop stop) => transaction.View.Pauses
        .Where(p => p.Stop == stop.Id || p.Target == stop.Target)
        .OrderBy(p => p.Strategy.Value, StringComparer.Ordinal)
        .Where(p => p.Stop == stop.Id || OutcomeRows.IsMet(transaction.Session, stop.Number, ObligationKind.Strategy, p.Strategy.Value));

    /// <summary>The latches on the target itself and on every wider one.</summary>
    private static ImmutableArray<Latch> Covering(LedgerTransaction transaction, StopTarget target)
    {
        var view = transaction.View;
        var wider = target is { User: { } user, Symbol: { } symbol }
            ? view.On(StopTarget.Of(user)).AddRange(view.On(StopTarget.Of(symbol)))
            : [];
        return target == StopTarget.System ? view.On(target) : [.. view.On(StopTarget.System), .. wider, .. view.On(target)];
    }
}
