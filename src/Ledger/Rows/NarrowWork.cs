using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Releases all of a stop that nothing is owed for, inside one transaction.</summary>
internal static class NarrowWork
{
    public static ReleaseAnswer Narrow(LedgerTransaction transaction, ReleaseRequest request, ImmutableDictionary<AccountId, UserId> users)
    {
        var whole = StopWork.Release(transaction, request);
        if (whole is not ReleaseAnswer.Outstanding { Stop: var stop })
        {
            return whole;
        }

        if (stop.Target.Scope is not (EmergencyStopScope.System or EmergencyStopScope.Symbol))
        {
            return new ReleaseAnswer.CannotNarrow(stop, $"{stop.Target} has no narrower parts to open: wait until its debts are met, or waive each by name.");
        }

        if (DebtRows.AreTooMany(transaction.Session, transaction.Active, stop))
        {
            return new ReleaseAnswer.CannotNarrow(stop, $"It owes more than {DebtRows.MostWeighed} things: wait until fewer are left.");
        }

        var debts = DebtRows.Of(transaction.Session, transaction.Active, stop, request.At);
        var debtors = new SortedDictionary<string, StopTarget>(StringComparer.Ordinal);
        foreach (var debt in debts)
        {
            var owners = DebtRows.UsersOf(transaction.Session, debt.Item, users);
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
        var items = debts.Select(d => d.Item).ToImmutableArray();
        return holds.SequenceEqual(held)
            ? new ReleaseAnswer.Narrowed(stop, items)
            : new ReleaseAnswer.Narrowed(Hold(transaction, stop, request, holds, debts.Count), items);
    }

    private static Stop Hold(LedgerTransaction transaction, Stop stop, ReleaseRequest request, ImmutableArray<StopTarget> holds, int debts)
    {
        var narrowed = new StopNarrowing(transaction.DrawNumber(), request.By.DisplayName, Values.Stored(request.At), request.Reason, holds);
        StopRows.SetNarrowed(transaction.Session, stop.Number, narrowed);
        var before = transaction.View;
        transaction.ChangeView(before.Narrowed(stop.Id, holds));
        transaction.AppendAudit(new(request.At, narrowed.By, "stop.narrowed", stop.Id.Value, AuditDetails.Of(
            ("number", narrowed.Number), ("target", stop.Target.Value), ("holds", holds.Select(t => t.Value)), ("debts", debts),
            ("reason", request.Reason), ("key_id", request.By.KeyId))));
        transaction.Publish(StopEvents.Narrowed(stop, EventBooks.OfTarget(transaction.Session, stop.Target), narrowed, debts));
        EventBooks.PublishGate(transaction, before, stop, stop.LatchedTargets.AddRange(holds), narrowed.Number, request.At);
        return stop with { Narrowed = narrowed };
    }
}
