using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Gate;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Strategies;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Pauses the strategies of one stop, cut into slices.</summary>
internal sealed class PauseWork(Stop stop, ImmutableArray<StrategyId> strategies, DateTimeOffset started, TimeProvider time)
{
    private readonly ItemOutcome[] _outcomes = new ItemOutcome[strategies.Length];
    private readonly List<StrategyPause> _fresh = [];
    private readonly List<ItemOutcome> _written = [];
    private OutcomeCounts _change;
    private Stop? _found;

    /// <summary>The job; without strategies there is none.</summary>
    public SlicedJob<ImmutableArray<ItemOutcome>>? Job() =>
        strategies.IsEmpty ? null : new(strategies.Length, Pause, Seal, () => [.. _outcomes], Begin);

    /// <summary>Resumes these pauses under one number.</summary>
    public static void Resume(LedgerTransaction transaction, ImmutableArray<StrategyPause> pauses, string by, string reason, DateTimeOffset at)
    {
        if (pauses.IsEmpty)
        {
            return;
        }

        var number = transaction.DrawNumber();
        foreach (var pause in pauses)
        {
            PauseRows.Resume(transaction.Session, pause, number);
            transaction.AppendAudit(new(at, by, "strategy.resumed", pause.Strategy.Value, AuditDetails.Of(
                ("number", number), ("target", pause.Target.Value), ("stop", pause.Stop.Value), ("reason", reason))));
            transaction.Publish(StrategyEvents.Resumed(pause, StrategyRows.OwnerOf(transaction.Session, pause.Strategy), number, by, reason, at));
        }

        transaction.ChangeView(transaction.View.Without(pauses));
    }

    /// <summary>Resumes one strategy wherever the gate is open.</summary>
    public static ResumeAnswer Resume(LedgerTransaction transaction, StrategyId id, Caller by, string reason, DateTimeOffset at)
    {
        var session = transaction.Session;
        if (StrategyRows.Find(session, id) is not { } strategy)
        {
            return new ResumeAnswer.NotFound();
        }

        // Asked here, as a pause may have come from another stop since the caller looked.
        if (Authority.WhyNotResume(by, strategy, [.. strategy.Pauses.Select(p => StopRows.Get(session, p.Stop))]) is { } why)
        {
            return new ResumeAnswer.Forbidden(why);
        }

        if (!strategy.IsPaused)
        {
            return new ResumeAnswer.NotPaused(strategy);
        }

        var view = transaction.View;
        var users = StrategyRows.UsersOf(session, strategy);
        var open = strategy.Pauses.Where(p => Holding(view, strategy, users, p) is null).ToImmutableArray();
        if (open.IsEmpty)
        {
            return new ResumeAnswer.GateClosed(Holding(view, strategy, users, strategy.Pauses[0])!); // None is open, so each has one.
        }

        Resume(transaction, open, by.DisplayName, reason, at);
        return new ResumeAnswer.Resumed(strategy with { Pauses = strategy.Pauses.RemoveRange(open) });
    }

    /// <summary>The first latch within whose target the strategy may not trade at all; one that spares some of its orders lets it resume.</summary>
    private static Latch? Holding(GateView view, Strategy strategy, HashSet<UserId> users, StrategyPause pause) =>
        view.On(pause.Target).FirstOrDefault(l => l.Except.IsDefaultOrEmpty || !l.Except.Any(e => Touches(e, strategy.Id, users)));

    /// <summary>Whether this stop is to pause it: not again where somebody resumed it after the stop, unless a part it trades in was put back since.</summary>
    private static bool IsToPause(LedgerTransaction transaction, Stop stop, StrategyId id)
    {
        var session = transaction.Session;
        if (PauseRows.ResumedAt(session, id, stop.Target) is not { } resumed || resumed < stop.Number)
        {
            return true;
        }

        return resumed < stop.OwesUpTo && StrategyRows.Find(session, id) is { } strategy && StrategyRows.UsersOf(session, strategy) is var users
            && stop.CarveOuts.Any(c => resumed < c.PutBack && Touches(c.Target, id, users));
    }

    private static bool Touches(StopTarget part, StrategyId strategy, HashSet<UserId> users) =>
        (part.Strategy is not { } itself || itself == strategy) && (part.User is not { } user || users.Contains(user));

    private void Pause(LedgerTransaction transaction, int index)
    {
        var session = transaction.Session;
        _found ??= StopRows.Get(session, stop.Id);
        var strategy = strategies[index];
        if (transaction.View.PauseOf(strategy, _found.Target) is null && IsToPause(transaction, _found, strategy) && _fresh.TrueForAll(p => p.Strategy != strategy))
        {
            var number = _fresh.Count > 0 ? _fresh[0].PausedAt : transaction.DrawNumber();
            var pause = new StrategyPause(strategy, _found.Target, _found.Id, number);
            PauseRows.Write(session, pause);
            _fresh.Add(pause);
        }

        var at = Values.Stored(time.GetUtcNow());
        var outcome = new ItemOutcome(ObligationKind.Strategy, strategy.Value, OutcomeKind.Paused, at, at > started ? at - started : TimeSpan.Zero);
        _outcomes[index] = outcome;
        var (written, change) = OutcomeRows.Upsert(transaction, _found, outcome);
        if (written)
        {
            _written.Add(outcome);
            _change += change;
        }
    }

    private void Begin()
    {
        _fresh.Clear();
        _written.Clear();
        (_change, _found) = (default, null);
    }

    private void Seal(LedgerTransaction transaction, int from, int to)
    {
        var at = time.GetUtcNow();
        foreach (var pause in _fresh)
        {
            transaction.AppendAudit(new(at, "service", "strategy.paused", pause.Strategy.Value, AuditDetails.Of(
                ("number", pause.PausedAt), ("target", pause.Target.Value), ("stop", pause.Stop.Value))));
            transaction.Publish(StrategyEvents.Paused(pause, StrategyRows.OwnerOf(transaction.Session, pause.Strategy), at));
        }

        if (_fresh.Count > 0)
        {
            transaction.ChangeView(transaction.View.With(_fresh));
        }

        OutcomeRows.Seal(transaction, _found!, _written, _change, at); // Every slice has at least one strategy.
    }
}
