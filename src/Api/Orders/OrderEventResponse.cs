using EmergencyStop.Orders;

namespace EmergencyStop.Api.Orders;

/// <summary>One change of one order.</summary>
/// <param name="EventId">Its place in the one order of changes; to go on after it, send it as <c>Last-Event-ID</c>.</param>
/// <param name="Event">How the order has changed; null in <c>ready</c> and <c>gone</c>, which are about the stream.</param>
/// <param name="At">When that was learned.</param>
/// <param name="Order">The order after it.</param>
public sealed record OrderEventResponse(long EventId, OrderEventKind? Event, DateTimeOffset? At, OrderResponse? Order)
{
    internal static OrderEventResponse Of(OrderEvent e) => new(e.Id, e.Kind, e.At, OrderResponse.Of(e.Order));
}
