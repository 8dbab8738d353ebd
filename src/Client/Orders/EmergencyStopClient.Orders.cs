using System.Runtime.CompilerServices;
using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <content>The calls on orders: through the gate in, always out.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>Places an order through the gate.</summary>
    /// <param name="order">The order.</param>
    /// <param name="idempotencyKey">The caller's own name for this call, 1 to 128 visible ASCII characters; default a new one. Retries never place it twice.</param>
    /// <param name="cancellationToken">Gives the call up; the order may or may not have been placed. <see cref="NewOrder.ClientOrderId"/> finds it again.</param>
    /// <returns>The order as admitted; what the venue makes of it, <see cref="FindOrderAsync"/> tells.</returns>
    /// <exception cref="EmergencyStopException">
    /// <c>gate_closed</c> (its <c>StopId</c> is the stop that holds it), <c>strategy_paused</c>, <c>validation_failed</c>,
    /// <c>forbidden</c>, or not answered.
    /// </exception>
    public Task<Order> PlaceOrderAsync(NewOrder order, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        return _link.SendAsync<Order>(ServiceCall.Post("orders", order, KeyFor(idempotencyKey)), cancellationToken);
    }

    /// <summary>Orders, newest first, fetched in pages of 100 as they are read.</summary>
    /// <param name="filter">Which; default all that the key may see.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="EmergencyStopException">Refused, or not answered; pages that were read stay read.</exception>
    public async IAsyncEnumerable<Order> OrdersAsync(
        OrderFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var path = QueryText.With(
                "orders",
                ("user_id", filter?.UserId),
                ("strategy_id", filter?.StrategyId),
                ("symbol", filter?.Symbol),
                ("status", filter?.OpenOnly == true ? "open" : null),
                ("limit", PageRows),
                ("cursor", cursor));
            var page = await _link.SendAsync<OrdersPage>(ServiceCall.Get(path), cancellationToken).ConfigureAwait(false);
            foreach (var order in page.Orders)
            {
                yield return order;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>One order.</summary>
    /// <param name="orderId">Which.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="EmergencyStopException"><c>not_found</c>: no such order, or none that this key may see; or not answered.</exception>
    public Task<Order> FindOrderAsync(string orderId, CancellationToken cancellationToken = default) =>
        _link.SendAsync<Order>(ServiceCall.Get($"orders/{Part(orderId, nameof(orderId))}"), cancellationToken);

    /// <summary>Cancels one order; passes every gate. Asking twice cancels once.</summary>
    /// <param name="orderId">Which.</param>
    /// <param name="cancellationToken">Gives the call up; the cancel goes on if it has reached the service.</param>
    /// <returns>The order: at its end once that is proven, otherwise active still while the cancel goes on.</returns>
    /// <exception cref="EmergencyStopException"><c>not_found</c>, <c>forbidden</c>, or not answered.</exception>
    public Task<Order> CancelOrderAsync(string orderId, CancellationToken cancellationToken = default) =>
        _link.SendAsync<Order>(new ServiceCall(HttpMethod.Delete, $"orders/{Part(orderId, nameof(orderId))}"), cancellationToken);
}
