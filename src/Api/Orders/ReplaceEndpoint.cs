using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Idempotency;
using EmergencyStop.Api.Wire;
using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace EmergencyStop.Api.Orders;

/// <summary>The call that puts a new order in the place of one that rests.</summary>
internal static class ReplaceEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapReplacing(this IEndpointRouteBuilder orders) => orders
        .MapPatch("{order_id}", ReplaceAsync)
        .Requires(Deed.PlaceOrder)
        .Idempotent()
        .Needs<ReplaceOrderBody>()
        .WithSummary("Replace a resting order, through the gate")
        .WithDescription(
            "The replacement is an order of its own, admitted like any other; the answer shows it, with replaces. Refused by the venue "
            + "(filled meanwhile, for instance), it is rejected and the order before it stays as it was. Until the venue has answered, a stop ends both.")
        .Produces<OrderResponse>(StatusCodes.Status201Created)
        .Produces<OrderResponse>(StatusCodes.Status200OK)
        .ProducesProblems(400, 403, 404, 409, 413, 415, 422, 423);

    private static async Task<IResult> ReplaceAsync(HttpContext http, string order_id, ILedger ledger, IGrainFactory grains)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<ReplaceOrderBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var (order, missing) = await OrderEndpoints.OwnOrderAsync(http, order_id, Deed.PlaceOrder, ledger);
        if (order is null)
        {
            return missing!; // There is one whenever there is no order.
        }

        var derived = IdempotencyKey.Read(http.Request).Key is { } key
            ? IdempotencyKey.ClientOrderIdOf(http.Caller.KeyId, key)
            : (ClientOrderId?)null;
        var changes = new OrderChanges(body.Quantity, body.LimitPrice, body.StopPrice, body.Trail);

        // Like an order on its way, a replacement is not called back by hanging up.
        var answer = await grains.GetGrain<IUserGrain>(order.Terms.User.Value).ReplaceAsync(order.Id, changes, derived, CancellationToken.None);
        return OrderEndpoints.Show(answer, derived is not null);
    }
}
