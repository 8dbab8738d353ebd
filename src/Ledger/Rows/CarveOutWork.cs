using System.Collections.Immutable;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Events;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Lets parts of a stopped target trade, puts them back, and sets standing stops to work anew; each inside one transaction.</summary>
internal static class CarveOutWork
{
    public static ExceptAnswer Except(LedgerTransaction transaction, ExceptRequest request, ImmutableDictionary<AccountId, UserId> users)
    {
        if (Look(transaction, request, out var stop) is { } refusal)
        {
            return refusal;
        }

        if (stop.CarveOuts.Any(c => c.IsInForce && c.Target == request.Target))
        {
            return new ExceptAnswer.Done(stop, Repeated: true);
        }

        if (stop.State == StopState.Working)
        {
            return new ExceptAnswer.Working(stop);
        }

        if (DebtRows.AreTooMany(transaction.Session, transaction.Active, stop))
        {
            return new ExceptAnswer.HoldsNothing(stop, $"It owes more than {DebtRows.MostWeighed} things: wait until fewer are left.");
        }

        var inside = DebtRows.Of(transaction.Session, transaction.Active, stop, request.At)
            .Where(d => MayBeIn(transaction.Session, d.Item, request.Target, users)).Select(d => d.Item).ToImmutableArray();
        if (!inside.IsEmpty)
        {
            return new ExceptAnswer.Outstanding(stop, inside);
        }

        var carved = new CarveOut(request.Target, transaction.DrawNumber(), request.By.DisplayName, Values.Stored(request.At), request.Reason);
        CarveOutRows.Insert(transaction.Session, stop.Number, carved);
        var after = stop with { CarveOuts = stop.CarveOuts.Add(carved) };
        Publish(transaction, after, request, "stop.excepted", carved.Number);
        return new ExceptAnswer.Done(after, Repeated: false);
    }

    public static ExceptAnswer PutBack(LedgerTransaction transaction, ExceptRequest request)
    {
        if (Look(transaction, request, out var stop) is { } refusal)
        {
            return refusal;
        }

        var known = stop.CarveOuts.Where(c => c.Target == request.Target).ToImmutableArray();
        if (!known.Any(c => c.IsInForce))
        {
            return known.IsEmpty ? new ExceptAnswer.NotCarvedOut(stop) : new ExceptAnswer.Done(stop, Repeated: true);
        }

        var number = transaction.DrawNumber();
        CarveOutRows.PutBack(transaction.Session, stop.Number, request.Target, number);
        var after = SetAgain(transaction, stop with
        {
            CarveOuts = [.. stop.CarveOuts.Select(c => c.IsInForce && c.Target == request.Target ? c with { PutBack = number } : c)],
        }, number, request.At);
        Publish(transaction, after, request, "stop.put_back", number);
        return new ExceptAnswer.Done(after, Repeated: false);
    }

    public static EscalateAnswer Escalate(LedgerTransaction transaction, EscalateRequest request)
    {
        if (StopRows.Find(transaction.Session, request.Stop) is not { } stop)
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

        var number = transaction.DrawNumber();
        var options = stop.Options with { ClosePositions = true };
        var after = SetAgain(transaction, stop with { Request = stop.Request with { Options = options } }, number, request.At);
        transaction.AppendAudit(new(request.At, request.By.DisplayName, "stop.escalated", stop.Id.Value, AuditDetails.Of(
            ("number", number), ("target", stop.Target.Value), ("close_positions", true), ("from", stop.State.ToString()),
            ("reason", request.Reason), ("key_id", request.By.KeyId))));
        transaction.Publish(StopEvents.Escalated(after, EventBooks.OfTarget(transaction.Session, stop.Target), request, number));
        return new EscalateAnswer.Escalated(after, Repeated: false);
    }

    private static Stop SetAgain(LedgerTransaction transaction, Stop stop, long number, DateTimeOffset at)
    {
        var after = stop with { State = StopState.Working, Again = new(number, Values.Stored(at)), NextTry = null, FinishedAt = null };
        StopRows.SetAgain(transaction.Session, after);
        return after;
    }

    private static ExceptAnswer? Look(LedgerTransaction transaction, ExceptRequest request, out Stop stop)
    {
        stop = null!; // Used only when there is no answer.
        if (StopRows.Find(transaction.Session, request.Stop) is not { } found)
        {
            return new ExceptAnswer.NotFound();
        }

        stop = found;
        if (found.Narrowed is not null)
        {
            return new ExceptAnswer.HoldsNothing(found, "It was narrowed to those who owe something: engage a new stop for what else is to be stopped.");
        }

        if (!found.HoldsLatch)
        {
            return new ExceptAnswer.HoldsNothing(found, "It holds no gate closed.");
        }

        return CarveOut.WhyNot(found.Target, request.Target) is { } why ? new ExceptAnswer.NotInside(why) : null;
    }

    private static void Publish(LedgerTransaction transaction, Stop stop, ExceptRequest request, string action, long number)
    {
        transaction.ChangeView(transaction.View.Sparing(stop.Id, [.. stop.CarveOuts.Where(c => c.IsInForce).Select(c => c.Target)]));
        transaction.AppendAudit(new(request.At, request.By.DisplayName, action, stop.Id.Value, AuditDetails.Of(
            ("number", number), ("target", stop.Target.Value), ("except", request.Target.Value), ("reason", request.Reason), ("key_id", request.By.KeyId))));
        transaction.Publish(StopEvents.Excepted(action, stop, EventBooks.OfTarget(transaction.Session, stop.Target), request, number));
    }

    /// <summary>Whether a debt may be in a part. An unanswered mass cancel may hit whatever comes next, so it is in every part of its account.</summary>
    private static bool MayBeIn(LedgerSession session, ItemOutcome debt, StopTarget part, ImmutableDictionary<AccountId, UserId> users)
    {
        if (debt.Kind == ObligationKind.Order)
        {
            return !OrderId.TryParse(debt.Item, out var id, out _) || OrderRows.Find(session, id) is not { } order || part.Covers(order.Terms);
        }

        var owners = DebtRows.UsersOf(session, debt, users);
        var otherUser = part.User is { } user && owners.Count > 0 && !owners.Contains(user);
        var otherStrategy = part.Strategy is { } strategy && debt.Kind == ObligationKind.Strategy && debt.Item != strategy.Value;
        var otherSymbol = part.Symbol is { } symbol && debt.Kind == ObligationKind.Position
            && debt.Item.Split('/', 2) is [_, var named] && named != "*" && named != symbol.Value;
        return !otherUser && !otherStrategy && !otherSymbol;
    }
}
