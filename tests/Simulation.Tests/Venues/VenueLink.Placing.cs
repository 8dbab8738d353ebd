using EmergencyStop.Venues;
using EmergencyStop.Venues.Sending;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <content>Sending an order: once, within its window.</content>
public sealed partial class VenueLink
{
    /// <inheritdoc/>
    public ValueTask<PlaceOutcome> PlaceAsync(VenueOrder order, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        return SendAsync(order, replacement: null, permit, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<PlaceOutcome> ReplaceAsync(VenueReplacement replacement, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        return SendAsync(replacement.Order, replacement, permit, cancellationToken);
    }

    private ValueTask<PlaceOutcome> SendAsync(VenueOrder order, VenueReplacement? replacement, ISendPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        var sending = new OrderSending(Of(order.Account), order, replacement, permit);
        sending.Begin(cancellationToken);
        return new(sending.Task);
    }
}
