using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Simulation.Tests.Ledger;

/// <content>Parts of a stopped target that may trade, their putting back, and escalation.</content>
public sealed partial class ModelStore
{
    /// <summary>Lets a part of the stop's target trade again.</summary>
    public ExceptAnswer Except(ExceptRequest request, ImmutableDictionary<AccountId, UserId> users)
    {
        if (Look(request, out var row) is { } refusal)
        {
            return refusal;
        }

        var stop = row.Stop;
        if (stop.CarveOuts.Any(c => c.IsInForce && c.Target == request.Target))
        {
            return new ExceptAnswer.Done(stop, Repeated: true);
        }

        if (stop.State == StopState.Working)
        {
            return new ExceptAnswer.Working(stop);
        }

        if (AreTooMany(row))
        {
            return new ExceptAnswer.HoldsNothing(stop, $"It owes more than {DebtRows.MostWeighed} things: wait until fewer are left.");
        }

        var inside = Debts(row, request.At).Where(d => MayBeIn(d.Item, request.Target, users)).Select(d => d.Item).ToImmutableArray();
        if (!inside.IsEmpty)
        {
            return new ExceptAnswer.Outstanding(stop, inside);
        }

        var number = Draw(NumberKind.Excepted, stop.Id.Value, request.Target.Value);
        row.Stop = stop with { CarveOuts = stop.CarveOuts.Add(new(request.Target, number, request.By.DisplayName, Values.Stored(request.At), request.Reason)) };
        Publish(row.Stop, request, "stop.excepted", number);
        return new ExceptAnswer.Done(row.Stop, Repeated: false);
    }

    /// <summary>Closes the gate on the part again; the stop works anew.</summary>
    public ExceptAnswer PutBack(ExceptRequest request)
    {
        if (Look(request, out var row) is { } refusal)
        {
            return refusal;
        }

        var stop = row.Stop;
        var known = stop.CarveOuts.Where(c => c.Target == request.Target).ToImmutableArray();
        if (!known.Any(c => c.IsInForce))
        {
            return known.IsEmpty ? new ExceptAnswer.NotCarvedOut(stop) : new ExceptAnswer.Done(stop, Repeated: true);
        }

        var number = Draw(NumberKind.PutBack, stop.Id.Value, request.Target.Value);
        SetAgain(row, number, request.At, stop with
        {
            CarveOuts = [.. stop.CarveOuts.Select(c => c.IsInForce && c.Target == request.Target ? c with { PutBack = number } : c)],
        });
        Publish(row.Stop, request, "stop.put_back", number);
        return new ExceptAnswer.Done(row.Stop, Repeated: false);
    }

    /// <summary>Makes a standing stop close positions too; it works anew.</summary>
    public EscalateAnswer Escalate(EscalateRequest request)
    {
        if (RowOf(request.Stop) is not { Stop: var stop } row)
        {
            return new EscalateAnswer.NotFound();
        }

        if (!stop.HoldsLatch)
        {
            return new EscalateAnswer.Cannot(stop, "It holds no gate closed, and positions are closed behind a closed gate only.");
        }

        if (!stop.Options.CancelOrders)
        {
            return new EscalateAnswer.Cannot(stop, "It leaves orders resting, and one of them could open a position again: engage a stop that cancels.");
        }

        if (stop.Options.ClosePositions)
        {
            return new EscalateAnswer.Escalated(stop, Repeated: true);
        }

        var number = Draw(NumberKind.Escalated, stop.Id.Value);
        SetAgain(row, number, request.At, stop with { Request = stop.Request with { Options = stop.Options with { ClosePositions = true } } });
        AppendAudit(new(request.At, request.By.DisplayName, "stop.escalated", stop.Id.Value, AuditDetails.Of(
            ("number", number), ("target", stop.Target.Value), ("close_positions", true), ("from", stop.State.ToString()),
            ("reason", request.Reason), ("key_id", request.By.KeyId))));
        Publish(StopEvents.Escalated(row.Stop, BookOf(stop.Target), request, number));
        return new EscalateAnswer.Escalated(row.Stop, Repeated: false);
    }

    private static void SetAgain(ModelStop row, long number, DateTimeOffset at, Stop stop) =>
        row.Stop = stop with { State = StopState.Working, Again = new(number, Values.Stored(at)), NextTry = null, FinishedAt = null };

    private ExceptAnswer? Look(ExceptRequest request, out ModelStop row)
    {
        row = null!; // Used only when there is no answer.
        if (RowOf(request.Stop) is not { Stop: var stop } found)
        {
            return new ExceptAnswer.NotFound();
        }

        row = found;
        if (stop.Narrowed is not null)
        {
            return new ExceptAnswer.HoldsNothing(stop, "It was narrowed to those who owe something: engage a new stop for what else is to be stopped.");
        }

        if (!stop.HoldsLatch)
        {
            return new ExceptAnswer.HoldsNothing(stop, "It holds no gate closed.");
        }

        return CarveOut.WhyNot(stop.Target, request.Target) is { } why ? new ExceptAnswer.NotInside(why) : null;
    }

    private void Publish(Stop stop, ExceptRequest request, string action, long number)
    {
        _view = _view.Sparing(stop.Id, [.. stop.CarveOuts.Where(c => c.IsInForce).Select(c => c.Target)]);
        AppendAudit(new(request.At, request.By.DisplayName, action, stop.Id.Value, AuditDetails.Of(
            ("number", number), ("target", stop.Target.Value), ("except", request.Target.Value), ("reason", request.Reason), ("key_id", request.By.KeyId))));
        Publish(StopEvents.Excepted(action, stop, BookOf(stop.Target), request, number));
    }

    /// <summary>Whether a debt may be in a part. An unanswered mass cancel may hit whatever comes next, so it is in every part of its account.</summary>
    private bool MayBeIn(ItemOutcome debt, StopTarget part, ImmutableDictionary<AccountId, UserId> users)
    {
        if (debt.Kind == ObligationKind.Order)
        {
            return !OrderId.TryParse(debt.Item, out var id, out _) || FindOrder(id) is not { } order || part.Covers(order.Terms);
        }

        var owners = UsersOf(debt, users);
        var otherUser = part.User is { } user && owners.Count > 0 && !owners.Contains(user);
        var otherStrategy = part.Strategy is { } strategy && debt.Kind == ObligationKind.Strategy && debt.Item != strategy.Value;
        var otherSymbol = part.Symbol is { } symbol && debt.Kind == ObligationKind.Position
            && debt.Item.Split('/', 2) is [_, var named] && named != "*" && named != symbol.Value;
        return !otherUser && !otherStrategy && !otherSymbol;
    }
}
