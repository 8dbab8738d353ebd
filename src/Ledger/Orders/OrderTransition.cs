using EmergencyStop.Orders;

namespace EmergencyStop.Ledger.Orders;

/// <summary>What evidence does to an order's row. Pure.</summary>
public static class OrderTransition
{
    /// <summary>The row after the evidence; the same instance when it changes nothing.</summary>
    /// <param name="order">The row.</param>
    /// <param name="evidence">The evidence.</param>
    /// <param name="lastNumber">The last number drawn, kept as <see cref="Order.EndedAfter"/> when the order ends.</param>
    /// <remarks>
    /// A filled quantity never shrinks. An ended order stays ended, with two exceptions: more fills may still be reported,
    /// and a <c>NeverSent</c> that was inferred is reopened, or ended otherwise, by what the venue shows. <c>Unknown</c>
    /// never replaces what is known better.
    /// </remarks>
    public static Order Apply(Order order, OrderEvidence evidence, long lastNumber)
    {
        var state = NextState(order, evidence);
        var filled = Math.Max(order.FilledQuantity, evidence.FilledQuantity);
        var moreFilled = filled > order.FilledQuantity;
        var next = order with
        {
            State = state,
            FilledQuantity = filled,
            AveragePrice = moreFilled ? evidence.AveragePrice ?? order.AveragePrice : order.AveragePrice,
            VenueOrderId = order.VenueOrderId ?? evidence.VenueOrderId,
            SentAt = order.SentAt ?? evidence.SentAt,
            Reason = state != order.State ? evidence.Reason : order.Reason,
            EndedAfter = state.IsActive() ? null : order.EndedAfter ?? lastNumber,
        };
        return next == order ? order : next with { UpdatedAt = evidence.At };
    }

    private static OrderState NextState(Order order, OrderEvidence evidence)
    {
        var reopening = order.State == OrderState.NeverSent
            && evidence.State is not (OrderState.NeverSent or OrderState.Unknown or OrderState.InFlight);
        if (reopening || (order.State.IsActive() && !evidence.State.IsActive()))
        {
            return evidence.State;
        }

        return (order.State, evidence.State) switch
        {
            (OrderState.InFlight, OrderState.Open or OrderState.Unknown) => evidence.State,
            (OrderState.Unknown, OrderState.Open) => OrderState.Open,
            _ => order.State,
        };
    }
}
