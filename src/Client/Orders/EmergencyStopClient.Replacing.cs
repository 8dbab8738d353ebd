using EmergencyStop.Client.Wire;

namespace EmergencyStop.Client;

/// <summary>What of a resting order is to be changed; what is left out stays.</summary>
public sealed record OrderChanges
{
    /// <summary>The whole quantity, what has traded included.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Limit and stop-limit orders: the worst price.</summary>
    public decimal? LimitPrice { get; init; }

    /// <summary>Stop and stop-limit orders: the price that triggers.</summary>
    public decimal? StopPrice { get; init; }

    /// <summary>Trailing stops: the distance, in the unit it was placed with.</summary>
    public decimal? Trail { get; init; }
}

/// <content>Replacing orders.</content>
public sealed partial class EmergencyStopClient
{
    /// <summary>Puts a new order in the place of one that rests, through the gate.</summary>
    /// <param name="orderId">The order that rests.</param>
    /// <param name="changes">What the new one has otherwise.</param>
    /// <param name="idempotencyKey">The caller's own name for this call, 1 to 128 visible ASCII characters; default a new one. Retries never replace twice.</param>
    /// <param name="cancellationToken">Gives the call up; the order may or may not have been replaced.</param>
    /// <returns>The new order, with <see cref="Order.Replaces"/>; rejected where the venue would not, and then the one before it is as it was.</returns>
    /// <exception cref="EmergencyStopException">
    /// <c>not_replaceable</c> (it has ended, is being replaced, or is not known to rest), <c>gate_closed</c>, <c>strategy_paused</c>,
    /// <c>validation_failed</c>, <c>not_found</c>, or not answered.
    /// </exception>
    public Task<Order> ReplaceOrderAsync(
        string orderId, OrderChanges changes, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return _link.SendAsync<Order>(
            ServiceCall.Patch($"orders/{Part(orderId, nameof(orderId))}", changes, KeyFor(idempotencyKey)), cancellationToken);
    }
}
