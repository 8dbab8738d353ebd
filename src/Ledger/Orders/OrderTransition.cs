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
    /// and a <c>NeverSent</c> is reopened, or ended otherwise, by what the venue shows. <c>Unknown</c> never replaces what
    /// is known better, and <c>NeverSent</c> nothing that the venue has shown.
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
            EndedAfter = EndedAfter(order, state, lastNumber),
        };
        return next == order ? order : next with { UpdatedAt = evidence.At };
    }

    /// <summary>An order taken to have never been sent was alive until the venue showed its true end.</summary>
    private static long? EndedAfter(Order order, OrderState state, long lastNumber)
    {
        if (state.IsActive())
        {
            return null;
        }

        return state == order.State ? order.EndedAfter : lastNumber;
    }

    private static OrderState NextState(Order order, OrderEvidence evidence) => (order.State, evidence.State) switch
    {
        (OrderState.NeverSent, OrderState.NeverSent or OrderState.Unknown or OrderState.InFlight) => order.State,
        (OrderState.NeverSent, _) => evidence.State,
        (OrderState.InFlight or OrderState.Unknown, OrderState.NeverSent) when WasShown(order, evidence) => order.State,
        (OrderState.Open, OrderState.NeverSent) => order.State,
        (OrderState.InFlight, not OrderState.InFlight) => evidence.State,
        (OrderState.Unknown, not (OrderState.InFlight or OrderState.Unknown)) => evidence.State,
        (OrderState.Open, not (OrderState.InFlight or OrderState.Unknown or OrderState.Open)) => evidence.State,
        _ => order.State,
    };

    /// <summary>Whether the venue has shown the order, so that it cannot have never left.</summary>
    private static bool WasShown(Order order, OrderEvidence evidence) =>
        order.VenueOrderId is not null || evidence.VenueOrderId is not null || order.FilledQuantity > 0 || evidence.FilledQuantity > 0;
}
