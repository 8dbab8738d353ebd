using System.Collections.Immutable;
using System.Runtime.InteropServices;
using EmergencyStop.Access;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Pauses and resumes.</content>
public sealed partial class ModelStore
{
    private readonly Dictionary<StrategyId, List<PauseRow>> _pauses = [];

    /// <summary>Resumes one strategy wherever the gate is open.</summary>
    public ResumeAnswer Resume(StrategyId id, Caller by, string reason, DateTimeOffset at)
    {
        if (FindStrategy(id) is not { } strategy)
        {
            return new ResumeAnswer.NotFound();
        }

        // Asked here, as a pause may have come from another stop since the caller looked.
        if (Authority.WhyNotResume(by, strategy, [.. strategy.Pauses.Select(p => Get(p.Stop).Stop)]) is { } why)
        {
            return new ResumeAnswer.Forbidden(why);
        }

        if (!strategy.IsPaused)
        {
            return new ResumeAnswer.NotPaused(strategy);
        }

        var users = UsersOf(strategy);
        var open = strategy.Pauses.Where(p => Holding(strategy, users, p) is null).ToImmutableArray();
        if (open.IsEmpty)
        {
            return new ResumeAnswer.GateClosed(Holding(strategy, users, strategy.Pauses[0])!); // None is open, so each has one.
        }

        Resume(Has(LedgerBug.PauseForgotten) ? strategy.Pauses : open, by.DisplayName, reason, at);
        return new ResumeAnswer.Resumed(strategy with { Pauses = strategy.Pauses.RemoveRange(open) });
    }

    private static bool Touches(StopTarget part, StrategyId strategy, HashSet<UserId> users) =>
        (part.Strategy is not { } itself || itself == strategy) && (part.User is not { } user || users.Contains(user));

    /// <summary>The first latch within whose target the strategy may not trade at all; one that spares some of its orders lets it resume.</summary>
    private Latch? Holding(Strategy strategy, HashSet<UserId> users, StrategyPause pause) =>
        _view.On(pause.Target).FirstOrDefault(l => l.Except.IsDefaultOrEmpty || !l.Except.Any(e => Touches(e, strategy.Id, users)));

    /// <summary>Resumes these pauses under one number.</summary>
    private void Resume(ImmutableArray<StrategyPause> pauses, string by, string reason, DateTimeOffset at)
    {
        if (pauses.IsEmpty)
        {
            return;
        }

        var number = Draw(NumberKind.Resumed, pauses[0].Strategy.Value);
        foreach (var pause in pauses)
        {
            var rows = _pauses[pause.Strategy];
            var place = rows.FindIndex(p => p.Pause.Target == pause.Target);
            rows[place] = rows[place] with { ResumedAt = number };
            AppendAudit(new(at, by, "strategy.resumed", pause.Strategy.Value, AuditDetails.Of(
                ("number", number), ("target", pause.Target.Value), ("stop", pause.Stop.Value), ("reason", reason))));
            Publish(StrategyEvents.Resumed(pause, OwnerOf(pause.Strategy), number, by, reason, at));
        }

        _view = _view.Without(pauses);
    }

    private ImmutableArray<StrategyPause> PausesOf(StrategyId strategy) => _pauses.TryGetValue(strategy, out var rows)
        ? [.. rows.Where(p => p.Pause.PausedAt > p.ResumedAt).Select(p => p.Pause).OrderBy(p => p.PausedAt)]
        : [];

    private void Pause(StrategyPause pause)
    {
        if (!_pauses.TryGetValue(pause.Strategy, out var rows))
        {
            _pauses.Add(pause.Strategy, rows = []);
        }

        var place = rows.FindIndex(p => p.Pause.Target == pause.Target);
        if (place < 0)
        {
            rows.Add(new(pause, 0));
        }
        else
        {
            rows[place] = new(pause, rows[place].ResumedAt);
        }
    }

    /// <summary>Whether this stop is to pause it: not again where somebody resumed it after the stop, unless a part it trades in was put back since.</summary>
    private bool IsToPause(Stop stop, StrategyId id)
    {
        var place = _pauses.TryGetValue(id, out var rows) ? rows.FindIndex(p => p.Pause.Target == stop.Target) : -1;
        if (place < 0 || rows![place].ResumedAt is var resumed && resumed < stop.Number) // A place is in rows.
        {
            return true;
        }

        return resumed < stop.OwesUpTo && FindStrategy(id) is { } strategy && UsersOf(strategy) is var users
            && stop.CarveOuts.Any(c => resumed < c.PutBack && Touches(c.Target, id, users));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct PauseRow(StrategyPause Pause, long ResumedAt);

    /// <summary>Pauses the strategies of one stop, cut into slices.</summary>
    internal sealed class PauseWork(ModelStore store, StopId stop, ImmutableArray<StrategyId> strategies, DateTimeOffset started, TimeProvider time)
    {
        private readonly ItemOutcome[] _outcomes = new ItemOutcome[strategies.Length];
        private readonly List<StrategyPause> _fresh = [];
        private readonly List<ItemOutcome> _written = [];
        private OutcomeCounts _change;
        private Stop? _found;
        private int _done;

        public bool IsDone => _done >= strategies.Length;

        public ImmutableArray<ItemOutcome> Outcomes => [.. _outcomes];

        /// <summary>Pauses one slice: one transaction.</summary>
        public bool Run(int cut)
        {
            _found ??= store.Get(stop).Stop;
            for (var to = Math.Min(_done + cut, strategies.Length); _done < to; _done++)
            {
                Pause(_found, _done);
            }

            Seal(_found);
            return true;
        }

        private void Pause(Stop found, int index)
        {
            var strategy = strategies[index];
            if (store._view.PauseOf(strategy, found.Target) is null && store.IsToPause(found, strategy) && _fresh.TrueForAll(p => p.Strategy != strategy))
            {
                var number = _fresh.Count > 0 ? _fresh[0].PausedAt : store.Draw(NumberKind.Paused, found.Id.Value);
                var pause = new StrategyPause(strategy, found.Target, found.Id, number);
                store.Pause(pause);
                _fresh.Add(pause);
            }

            var at = Values.Stored(time.GetUtcNow());
            var outcome = new ItemOutcome(ObligationKind.Strategy, strategy.Value, OutcomeKind.Paused, at, at > started ? at - started : TimeSpan.Zero);
            _outcomes[index] = outcome;
            var (written, change) = store.Upsert(found, outcome);
            if (written)
            {
                _written.Add(outcome);
                _change += change;
            }
        }

        private void Seal(Stop found)
        {
            var at = time.GetUtcNow();
            foreach (var pause in _fresh)
            {
                store.AppendAudit(new(at, "service", "strategy.paused", pause.Strategy.Value, AuditDetails.Of(
                    ("number", pause.PausedAt), ("target", pause.Target.Value), ("stop", pause.Stop.Value))));
                store.Publish(StrategyEvents.Paused(pause, store.OwnerOf(pause.Strategy), at));
            }

            if (_fresh.Count > 0)
            {
                store._view = store._view.With(_fresh);
            }

            store.SealOutcomes(found, _written, _change, at);
            _fresh.Clear();
            _written.Clear();
            _change = default;
        }
    }
}
