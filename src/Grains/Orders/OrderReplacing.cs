using EmergencyStop.Orders;
using EmergencyStop.Venues;

namespace EmergencyStop.Grains.Orders;

/// <summary>What can be seen to be wrong with a replacement without asking anybody. Pure.</summary>
internal static class OrderReplacing
{
    /// <summary>Why this order cannot be put in the other's place, or <c>null</c>.</summary>
    public static PlaceAnswer? Check(Order old, OrderTerms terms, VenueDescription venue)
    {
        if (!old.State.IsActive())
        {
            return new PlaceAnswer.NotReplaceable(old, $"It has ended: {old.State}.");
        }

        if (old.Terms == terms with { ClientOrderId = old.Terms.ClientOrderId })
        {
            return new PlaceAnswer.Invalid("body", "Nothing would change: give quantity, limit_price, stop_price or trail.");
        }

        if (terms.Quantity <= old.FilledQuantity)
        {
            return new PlaceAnswer.Invalid("quantity", $"quantity counts what has traded, and {old.FilledQuantity} has.");
        }

        return OrderRules.Check(terms, venue) is { } wrong
            ? new PlaceAnswer.Invalid(wrong.Field is "trail_price" or "trail_percent" ? "trail" : wrong.Field, wrong.Why)
            : null;
    }
}
