using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Releasing;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;
using EmergencyStop.Strategies;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Progress, release, narrowing and waivers.</content>
public sealed partial class ModelStore
{
    /// <summary>Writes what the flow has come to.</summary>
    public Stop Progress(StopId id, StopState asked, StopClocks clocks, ImmutableArray<string> unprotected, DateTimeOffset at)
    {
        var row = Get(id);
        var state = asked == StopState.Completed && !Has(LedgerBug.DespiteHold) && OwesAny(row) ? StopState.Outstanding : asked;
        return SetProgress(row, state, clocks, unprotected, at);
    }

    /// <summary>Ends a pass. One that began before the stop was set to work anew, or whose debts were waived meanwhile, does not decide on its state.</summary>
    public Stop EndPass(Stop read, PassEnd end)
    {
        var row = Get(read.Id);
        var state = (row.Stop.Again?.Number != read.Again?.Number, end.State, row.Stop.State) switch
        {
            (true, _, _) => StopState.Working,
            (_, StopState.Completed, _) or (_, _, StopState.Completed) =>
                !Has(LedgerBug.DespiteHold) && OwesAny(row) ? StopState.Outstanding : StopState.Completed,
            _ => end.State,
        };
        row.Stop = row.Stop with { NextTry = state == StopState.Completed ? null : Values.Time(Values.Micros(end.NextTry)) };
        return SetProgress(row, state, end.Clocks, end.Unprotected, end.At);
    }

    /// <summary>Releases; the items of <see cref="ReleaseAnswer.Outstanding"/> and the resumes are left to others.</summary>
    public ReleaseAnswer Release(ReleaseRequest request)
    {
        if (RowOf(request.Stop) is not { Stop: var stop } row)
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

        if (stop.State == StopState.Working && !Has(LedgerBug.ReleasePassesWhileWorking))
        {
            return new ReleaseAnswer.Working(stop);
        }

        if (!Has(LedgerBug.ReleaseDropsObligations) && OwesAny(row))
        {
            return new ReleaseAnswer.Outstanding(stop, []);
        }

        var release = new StopRelease(Draw(NumberKind.Released, stop.Id.Value), request.By.DisplayName, Values.Stored(request.At), request.Reason);
        row.Stop = stop with { Release = release, Narrowed = null };
        var before = _view;
        _view = before.Without(stop.Id);
        AppendAudit(new(request.At, release.By, "stop.released", stop.Id.Value, AuditDetails.Of(
            ("number", release.Number), ("target", stop.Target.Value), ("reason", release.Reason), ("key_id", request.By.KeyId),
            ("resume_strategies", request.ResumeStrategies))));
        Publish(StopEvents.Released(stop, BookOf(stop.Target), request, release.Number));
        PublishGate(before, stop, stop.LatchedTargets, release.Number, request.At);
        return new ReleaseAnswer.Released(row.Stop, Covering(stop.Target), PausedBy(row));
    }

    /// <summary>Resumes some of the strategies that a released stop paused, where no other stop holds the gate.</summary>
    /// <returns>Whether there may be more, and what is paused still.</returns>
    public (bool More, ImmutableArray<StrategyId> StillPaused) ResumeSome(ReleaseRequest request, int most)
    {
        var row = Get(request.Stop);
        var some = PausesBy(row).Where(p => _view.On(p.Target).IsEmpty).Take(most).ToImmutableArray();
        Resume(some, request.By.DisplayName, request.Reason, request.At);
        return (some.Length == most, PausedBy(row));
    }

    /// <summary>Releases all of a stop that nothing is owed for.</summary>
    public ReleaseAnswer Narrow(ReleaseRequest request, ImmutableDictionary<AccountId, UserId> users)
    {
        var whole = Release(request);
        if (whole is not ReleaseAnswer.Outstanding { Stop: var stop })
        {
            return whole;
        }

        var row = Get(stop.Id);
        if (stop.Target.Scope is not (EmergencyStopScope.System or EmergencyStopScope.Symbol))
        {
            return new ReleaseAnswer.CannotNarrow(stop, $"{stop.Target} has no narrower parts to open: wait until its debts are met, or waive each by name.");
        }

        if (AreTooMany(row))
        {
            return new ReleaseAnswer.CannotNarrow(stop, $"It owes more than {DebtRows.MostWeighed} things: wait until fewer are left.");
        }

        var debts = Debts(row, request.At);
        var debtors = new SortedDictionary<string, StopTarget>(StringComparer.Ordinal);
        foreach (var debt in debts)
        {
            var owners = UsersOf(debt.Item, users);
            if (owners.Count == 0)
            {
                return new ReleaseAnswer.CannotNarrow(stop, $"Nobody can say whose debt {debt.Item.Kind.ToString().ToLowerInvariant()} {debt.Item.Item} is, so everybody stays stopped: waive it by name first.");
            }

            foreach (var target in owners.Select(u => stop.Target.Symbol is { } symbol ? StopTarget.Of(u, symbol) : StopTarget.Of(u)))
            {
                debtors[target.Value] = target;
            }
        }

        // Whose latch has gone already is not latched again.
        var held = stop.LatchedTargets;
        var holds = debtors.Values.Where(t => held.Contains(stop.Target) || held.Contains(t)).ToImmutableArray();
        return new ReleaseAnswer.Narrowed(
            holds.SequenceEqual(held) ? stop : Hold(row, request, holds, debts.Count), [.. debts.Select(d => d.Item)]);
    }

    /// <summary>Gives one debt of one stop up.</summary>
    public WaiveAnswer Waive(WaiveRequest request)
    {
        if (RowOf(request.Stop) is not { Stop: var stop } row)
        {
            return new WaiveAnswer.NotFound();
        }

        var standing = row.Outcomes.Find(request.Kind, request.Item);
        var order = request.Kind == ObligationKind.Order && OrderId.TryParse(request.Item, out var id, out _) ? FindOrder(id) : null;
        if (standing?.Outcome.IsMet() == true)
        {
            return new WaiveAnswer.AlreadyMet(stop, $"it is {OutcomeWords[(int)standing.Outcome]}");
        }

        if (order is not null && !order.State.IsActive() && (standing is not null || stop.OwedBeforeItsEnd(order)))
        {
            return new WaiveAnswer.AlreadyMet(stop, $"the order has ended as {StateWords[(int)order.State]}");
        }

        if (standing is null && !(order is not null && stop.Options.CancelOrders && IsOwed(order, stop)))
        {
            return new WaiveAnswer.NoSuchDebt(stop);
        }

        var waived = (standing ?? new(request.Kind, request.Item, OutcomeKind.Unknown, request.At, TimeSpan.Zero, order?.FilledQuantity, Attempts: 0)) with
        {
            Outcome = OutcomeKind.Waived,
            At = Values.Stored(request.At),
            Reason = $"waived by {request.By.DisplayName}: {request.Reason}",
            NextTry = null,
        };
        row.Counts += Upsert(stop, waived).Change;
        AppendAudit(new(request.At, request.By.DisplayName, "obligation.waived", stop.Id.Value, AuditDetails.Of(
            ("kind", ObligationWords[(int)request.Kind]), ("item", request.Item),
            ("was", standing is null ? "not tried yet" : $"{OutcomeWords[(int)standing.Outcome]}: {standing.Reason}"),
            ("reason", request.Reason), ("key_id", request.By.KeyId))));
        return new WaiveAnswer.Waived(Finish(row, request), waived);
    }

    private static bool IsOwed(Order order, Stop stop) => order.State.IsActive() && order.Origin != OrderOrigin.Closing
        && (stop.Owes(order) || (order.Origin == OrderOrigin.Adopted && order.Stop == stop.Id && stop.Covers(order.Terms)))
        && !(stop.Options.KeepProtective && order.Terms.Protective);

    private static StopClocks Stored(StopClocks clocks) => new(
        Stored(clocks.GateClosed), Stored(clocks.LastNewOrderSent), Stored(clocks.LastCancelSent), Stored(clocks.CancelsConfirmed), Stored(clocks.Flat));

    private static TimeSpan? Stored(TimeSpan? span) => Values.Span(Values.Micros(span));

    private Stop SetProgress(ModelStop row, StopState state, StopClocks clocks, ImmutableArray<string> unprotected, DateTimeOffset at)
    {
        var stop = row.Stop;
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
        row.Stop = after with { Clocks = Stored(after.Clocks) };
        if (state != stop.State)
        {
            AppendAudit(new(at, "service", "stop.progressed", stop.Id.Value, AuditDetails.Of(
                ("from", stop.State.ToString()), ("to", state.ToString()), ("unprotected_positions", unprotected))));
            Publish(StopEvents.Progressed(after, BookOf(stop.Target), stop.State, at));
        }

        return after;
    }

    private Stop Hold(ModelStop row, ReleaseRequest request, ImmutableArray<StopTarget> holds, int debts)
    {
        var stop = row.Stop;
        var narrowed = new StopNarrowing(Draw(NumberKind.Narrowed, stop.Id.Value), request.By.DisplayName, Values.Stored(request.At), request.Reason, holds);
        row.Stop = stop with { Narrowed = narrowed };
        var before = _view;
        _view = before.Narrowed(stop.Id, holds);
        AppendAudit(new(request.At, narrowed.By, "stop.narrowed", stop.Id.Value, AuditDetails.Of(
            ("number", narrowed.Number), ("target", stop.Target.Value), ("holds", holds.Select(t => t.Value)), ("debts", debts),
            ("reason", request.Reason), ("key_id", request.By.KeyId))));
        Publish(StopEvents.Narrowed(stop, BookOf(stop.Target), narrowed, debts));
        PublishGate(before, stop, stop.LatchedTargets.AddRange(holds), narrowed.Number, request.At);
        return row.Stop;
    }

    /// <summary>A stop whose last debt this was is completed; one whose flow is under way finds out itself.</summary>
    private Stop Finish(ModelStop row, WaiveRequest request)
    {
        if (row.Stop.State != StopState.Outstanding || OwesAny(row))
        {
            return row.Stop;
        }

        row.Stop = row.Stop with { NextTry = null };
        return Progress(row.Stop.Id, StopState.Completed, row.Stop.Clocks, row.Stop.UnprotectedPositions, request.At);
    }

    private ImmutableArray<StrategyId> PausedBy(ModelStop row) => [.. PausesBy(row).Select(p => p.Strategy)];

    /// <summary>The pauses that a stop made, and those that it found on its own target and counts as its own; by strategy.</summary>
    private IEnumerable<StrategyPause> PausesBy(ModelStop row) => _view.Pauses
        .Where(p => p.Stop == row.Stop.Id || p.Target == row.Stop.Target)
        .OrderBy(p => p.Strategy.Value, StringComparer.Ordinal)
        .Where(p => p.Stop == row.Stop.Id || row.Outcomes.IsMet(ObligationKind.Strategy, p.Strategy.Value));

    /// <summary>The latches on the target itself and on every wider one.</summary>
    private ImmutableArray<Latch> Covering(StopTarget target)
    {
        var wider = target is { User: { } user, Symbol: { } symbol }
            ? _view.On(StopTarget.Of(user)).AddRange(_view.On(StopTarget.Of(symbol)))
            : [];
        return target == StopTarget.System ? _view.On(target) : [.. _view.On(StopTarget.System), .. wider, .. _view.On(target)];
    }
}
