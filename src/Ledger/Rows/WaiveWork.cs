using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Ledger.Stopping;
using EmergencyStop.Orders;
using EmergencyStop.Releasing;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Rows;

/// <summary>Gives one debt of one stop up, inside one transaction.</summary>
internal static class WaiveWork
{
    public static WaiveAnswer Waive(LedgerTransaction transaction, WaiveRequest request)
    {
        var session = transaction.Session;
        if (StopRows.Find(session, request.Stop) is not { } stop)
        {
            return new WaiveAnswer.NotFound();
        }

        var standing = OutcomeRows.Find(session, stop.Number, request.Kind, request.Item);
        var order = request.Kind == ObligationKind.Order && OrderId.TryParse(request.Item, out var id, out _) ? OrderRows.Find(session, id) : null;
        if (standing?.Outcome.IsMet() == true)
        {
            return new WaiveAnswer.AlreadyMet(stop, $"it is {Word(standing.Outcome)}");
        }

        if (order is not null && !order.State.IsActive() && (standing is not null || stop.OwedBeforeItsEnd(order)))
        {
            return new WaiveAnswer.AlreadyMet(stop, $"the order has ended as {Word(order.State)}");
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
        var (_, change) = OutcomeRows.Upsert(transaction, stop, waived);
        OutcomeRows.AddCounts(session, stop.Number, change);
        transaction.AppendAudit(new(request.At, request.By.DisplayName, "obligation.waived", stop.Id.Value, AuditDetails.Of(
            ("kind", Word(request.Kind)), ("item", request.Item), ("was", standing is null ? "not tried yet" : $"{Word(standing.Outcome)}: {standing.Reason}"),
            ("reason", request.Reason), ("key_id", request.By.KeyId))));
        return new WaiveAnswer.Waived(Finish(transaction, stop, request), waived);
    }

    private static bool IsOwed(Order order, Stop stop) => order.State.IsActive() && order.Origin != OrderOrigin.Closing
        && (stop.Owes(order) || (order.Origin == OrderOrigin.Adopted && order.Stop == stop.Id && stop.Covers(order.Terms)))
        && !(stop.Options.KeepProtective && order.Terms.Protective);

    /// <summary>A stop whose last debt this was is completed; one whose flow is under way finds out itself.</summary>
    private static Stop Finish(LedgerTransaction transaction, Stop stop, WaiveRequest request)
    {
        if (stop.State != StopState.Outstanding || StopWork.OwesAny(transaction, stop))
        {
            return stop;
        }

        StopRows.SetNextTry(transaction.Session, stop.Number, null);
        return StopWork.Progress(transaction, stop.Id, StopState.Completed, stop.Clocks, stop.UnprotectedPositions, request.At);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
