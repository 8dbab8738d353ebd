using EmergencyStop.Access;
using EmergencyStop.Api.Access;
using EmergencyStop.Api.Documentation;
using EmergencyStop.Api.Errors;
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

/// <summary>The calls on orders: through the gate in, always out.</summary>
internal static class OrderEndpoints
{
    private const string OpenStatus = "open";

    /// <summary>Maps them.</summary>
    public static void MapOrders(this IEndpointRouteBuilder api)
    {
        var orders = api.MapGroup("orders").WithTags("Orders");
        orders.MapPost(string.Empty, PlaceAsync)
            .Requires(Deed.PlaceOrder, Deed.PassGate)
            .Idempotent()
            .Needs<PlaceOrderBody>()
            .WithSummary("Place an order through the gate")
            .WithDescription("The same client_order_id of a user twice is the same order. With an Idempotency-Key and no client_order_id, one is derived from the key. A risk officer may send a reduce-only order past a closed gate with past_gate; it is sized by the position and everything in flight, and audited.")
            .Produces<OrderResponse>(StatusCodes.Status201Created)
            .Produces<OrderResponse>(StatusCodes.Status200OK)
            .ProducesProblems(400, 403, 409, 413, 415, 422, 423);
        orders.MapGet(string.Empty, ListAsync)
            .Requires(Deed.Read)
            .Queries(
                ("user_id", "Only this user's."),
                ("strategy_id", "Only this strategy's."),
                ("symbol", "Only in this symbol."),
                ("status", "open: only those that can still trade, in flight and unknown ones included."),
                ("cursor", "next_cursor of the last page."),
                ("limit", "1 to 500; default 100."))
            .WithSummary("Orders, newest first")
            .Produces<OrdersResponse>()
            .ProducesProblems(400, 403);
        orders.MapOrderEvents();
        orders.MapReplacing();
        orders.MapGet("{order_id}", FindAsync)
            .Requires(Deed.Read)
            .WithSummary("One order")
            .Produces<OrderResponse>()
            .ProducesProblems(400, 404);
        orders.MapDelete("{order_id}", CancelAsync)
            .Requires(Deed.CancelOrder)
            .WithSummary("Cancel one order; passes every gate")
            .WithDescription("200 once its end is proven, 202 while the cancel goes on.")
            .Produces<OrderResponse>()
            .Produces<OrderResponse>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 403, 404);
    }

    private static async Task<IResult> PlaceAsync(HttpContext http, IGrainFactory grains, Refusals refusals)
    {
        var (body, _, problem) = await RequestBody.ReadAsync<PlaceOrderBody>(http);
        if (body is null)
        {
            return problem!; // There is one whenever there is no body.
        }

        var caller = http.Caller;
        var derived = body.ClientOrderId is null && IdempotencyKey.Read(http.Request).Key is { } key
            ? IdempotencyKey.ClientOrderIdOf(caller.KeyId, key)
            : (ClientOrderId?)null;
        var errors = new FieldErrors();
        var terms = OrderReading.Read(body, derived, errors);
        var past = PastGateBody.Read(body, caller, errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var deed = past is null ? Deed.PlaceOrder : Deed.PassGate;
        if (!Authority.Allows(caller, deed, terms.User))
        {
            return await refusals.RefuseAsync(caller, deed, terms.User.Value, past is not null
                ? "Only a risk officer sends orders past a closed gate."
                : caller.Role == Role.Trader ? "A trader places orders in the own book only." : "This role places orders past a closed gate only: name it in past_gate.");
        }

        // An order on its way is not called back by hanging up; its answer is remembered under the key for the next try.
        var user = grains.GetGrain<IUserGrain>(terms.User.Value);
        var answer = past is null
            ? await user.PlaceAsync(terms, CancellationToken.None)
            : await user.PlacePastGateAsync(terms, past, CancellationToken.None);
        return Show(answer, derived is not null);
    }

    /// <summary>A repeat is 200, except behind a derived client order id, where it is the lost first answer.</summary>
    internal static IResult Show(PlaceAnswer answer, bool derived) => answer switch
    {
        PlaceAnswer.Admitted { Repeated: true } a when !derived => TypedResults.Ok(OrderResponse.Of(a.Order)),
        PlaceAnswer.Admitted a => TypedResults.Json(OrderResponse.Of(a.Order), statusCode: StatusCodes.Status201Created),
        PlaceAnswer.GateClosed closed => Problems.GateClosed(closed.By),
        PlaceAnswer.StrategyPaused paused => Problems.StrategyPaused(paused.By),
        PlaceAnswer.NotHeld not => Problems.GateNotHeld(not.Stop),
        PlaceAnswer.AccountWatched watched => Problems.AccountWatched(watched.Account),
        PlaceAnswer.Invalid invalid => Problems.ValidationFailed(invalid.Field, invalid.Why),
        PlaceAnswer.NotReplaceable { Order: null } => Problems.NotFound("There is no such order that this key may see."),
        PlaceAnswer.NotReplaceable { Order: { } old, Why: var why } => Problems.NotReplaceable(old, why),
        PlaceAnswer.Unavailable => Problems.LedgerUnavailable,
        PlaceAnswer.Unrecorded u => Problems.StopUnrecorded(u.Stop, u.Target),
        _ => throw new InvalidOperationException($"{answer.GetType().Name} is no known answer to an order."),
    };

    private static async Task<IResult> ListAsync(HttpContext http, ILedger ledger)
    {
        const int usualLimit = 100;
        var errors = new FieldErrors();
        var query = new QueryFields(http.Request.Query, errors);
        var asked = query.Id<UserId>("user_id");
        var strategy = query.Id<StrategyId>("strategy_id");
        var symbol = query.Id<Symbol>("symbol");
        var status = query.Text("status");
        var cursor = query.Text("cursor");
        var limit = query.Number("limit", 1, Paging.MostRows) ?? usualLimit;
        query.Finish();
        errors.AddIf(status is not (null or OpenStatus), "status", $"status must be {OpenStatus} or left out.");
        var (user, refusal) = CallerAccess.BookToRead(http.Caller, asked);
        return errors.Any || refusal is not null
            ? refusal ?? errors.ToProblem()
            : await Paging.AnswerAsync(
                cursor,
                () => ledger.OrdersAsync(new(user, strategy, symbol, status is not null, cursor, limit), http.RequestAborted),
                page => new OrdersResponse([.. page.Items.Select(OrderResponse.Of)], page.NextCursor));
    }

    private static async Task<IResult> FindAsync(HttpContext http, string order_id, ILedger ledger)
    {
        var (order, problem) = await OwnOrderAsync(http, order_id, Deed.Read, ledger);
        return order is null ? problem! : TypedResults.Ok(OrderResponse.Of(order)); // There is a problem whenever there is no order.
    }

    private static async Task<IResult> CancelAsync(HttpContext http, string order_id, ILedger ledger, IGrainFactory grains)
    {
        var (order, problem) = await OwnOrderAsync(http, order_id, Deed.CancelOrder, ledger);
        if (order is null)
        {
            return problem!; // There is one whenever there is no order.
        }

        // A cancel goes on even if the one who asked hangs up.
        var answer = await grains.GetGrain<IUserGrain>(order.Terms.User.Value).CancelAsync(order.Id, CancellationToken.None);
        return answer switch
        {
            { Order: null } => NotFound(order.Id),
            { Confirmed: true } => TypedResults.Ok(OrderResponse.Of(answer.Order)),
            _ => TypedResults.Json(OrderResponse.Of(answer.Order), statusCode: StatusCodes.Status202Accepted),
        };
    }

    /// <summary>The order, if there is one in a book that the caller reaches; another's order is not found rather than forbidden.</summary>
    internal static async Task<(Order? Order, Problem? Problem)> OwnOrderAsync(HttpContext http, string text, Deed deed, ILedger ledger)
    {
        var errors = new FieldErrors();
        if (PathText.TryRead<OrderId>("order_id", text, errors) is not { } id)
        {
            return (null, errors.ToProblem());
        }

        return await ledger.FindOrderAsync(id, http.RequestAborted) is { } order && Authority.Allows(http.Caller, deed, order.Terms.User)
            ? (order, null)
            : (null, NotFound(id));
    }

    private static Problem NotFound(OrderId id) => Problems.NotFound($"There is no order {id} that this key may see.");
}
