using System.Collections.Immutable;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Ledger.Strategies;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Ledger.Sqlite;

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
        strategies.IsEmpty ? null : new(strategies.Length, Pause, Seal, () => [.. _outcomes]);

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
        var open = strategy.Pauses.Where(p => view.On(p.Target).IsEmpty).ToImmutableArray();
        if (open.IsEmpty)
        {
            return new ResumeAnswer.GateClosed(view.On(strategy.Pauses[0].Target)[0]);
        }

        Resume(transaction, open, by.DisplayName, reason, at);
        return new ResumeAnswer.Resumed(strategy with { Pauses = strategy.Pauses.RemoveRange(open) });
    }

    private void Pause(LedgerTransaction transaction, int index)
    {
        var session = transaction.Session;
        _found ??= StopRows.Get(session, stop.Id);
        var strategy = strategies[index];
        if (transaction.View.PauseOf(strategy, _found.Target) is null && _fresh.TrueForAll(p => p.Strategy != strategy))
        {
            var number = _fresh.Count > 0 ? _fresh[0].PausedAt : transaction.DrawNumber();
            var pause = new StrategyPause(strategy, _found.Target, _found.Id, number);
            PauseRows.Write(session, pause);
            _fresh.Add(pause);
        }

        var at = Values.Stored(time.GetUtcNow());
        var outcome = new ItemOutcome(ObligationKind.Strategy, strategy.Value, OutcomeKind.Paused, at, at > started ? at - started : TimeSpan.Zero);
        _outcomes[index] = outcome;
        var (written, change) = OutcomeRows.Upsert(session, _found.Number, outcome);
        if (written)
        {
            _written.Add(outcome);
            _change += change;
        }
    }

    private void Seal(LedgerTransaction transaction, int from, int to)
    {
        var at = time.GetUtcNow();
        foreach (var pause in _fresh)
        {
            transaction.AppendAudit(new(at, "service", "strategy.paused", pause.Strategy.Value, AuditDetails.Of(
                ("number", pause.PausedAt), ("target", pause.Target.Value), ("stop", pause.Stop.Value))));
        }

        if (_fresh.Count > 0)
        {
            transaction.ChangeView(transaction.View.With(_fresh));
        }

        OutcomeRows.Seal(transaction, _found!, _written, _change, at); // Every slice has at least one strategy.
        _fresh.Clear();
        _written.Clear();
        _change = default;
    }
}
