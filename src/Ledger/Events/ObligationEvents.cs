using EmergencyStop.Events;
using EmergencyStop.Ids;
using EmergencyStop.Ledger.Audit;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Ledger.Events;

/// <summary>What outsiders are told of one debt of one stop. Pure; the same for every ledger.</summary>
/// <remarks>What is met at the first try was never seen unmet: it is counted in <c>stop.outcomes_recorded</c>, and the order's own change is told to those who follow orders.</remarks>
internal static class ObligationEvents
{
    /// <summary>The event of an outcome that was written, or <c>null</c> for none that anybody acts on.</summary>
    /// <param name="stop">The stop.</param>
    /// <param name="was">The outcome that stood; <c>null</c> for none.</param>
    /// <param name="now">The outcome that stands.</param>
    /// <param name="ownerOf">Whose the item is; not asked for what is owed on an account.</param>
    public static LedgerEvent? Between(Stop stop, OutcomeKind? was, ItemOutcome now, Func<ItemOutcome, UserId?> ownerOf)
    {
        var type = (was?.IsMet(), now.Outcome) switch
        {
            (_, OutcomeKind.Waived) => EventTypes.ObligationWaived,
            (_, var kind) when kind.IsMet() && was is (OutcomeKind.Unknown or OutcomeKind.Failed or OutcomeKind.Waived) => EventTypes.ObligationMet,
            (true, var kind) when !kind.IsMet() => EventTypes.ObligationReopened,
            (_, var kind) when !kind.IsMet() && was != kind => EventTypes.ObligationUnmet,
            _ => null,
        };
        return type is null ? null : new(type, stop.Id.Value, now.At, AudienceOf(now, ownerOf), AuditDetails.Of(
            ("stop_id", stop.Id.Value),
            ("target", stop.Target.Value),
            ("kind", EventText.Word(now.Kind)),
            ("item", now.Item),
            ("outcome", EventText.Word(now.Outcome)),
            ("was", was is { } before ? EventText.Word(before) : null),
            ("filled_quantity", EventText.Number(now.FilledQuantity)),
            ("phase", now.Phase),
            ("reason", now.Reason),
            ("attempts", now.Attempts)));
    }

    /// <summary>The outcome of an order that was taken to have never been sent, or was given up, and turns up at the venue.</summary>
    public static ItemOutcome Reappeared(Order order) => new(
        ObligationKind.Order, order.Id.Value, OutcomeKind.Unknown, order.UpdatedAt, TimeSpan.Zero, order.FilledQuantity, "confirm",
        $"It was taken to have never been sent, and the venue shows it as {order.State}.");

    private static EventAudience AudienceOf(ItemOutcome item, Func<ItemOutcome, UserId?> ownerOf)
    {
        if (item.Kind is ObligationKind.Order or ObligationKind.Strategy)
        {
            return EventAudience.Of(ownerOf(item));
        }

        return AccountId.TryParse(item.Item.Split('/')[0], out var account, out _) ? EventAudience.Of(account) : EventAudience.Desk;
    }
}
