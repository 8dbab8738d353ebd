using System.Globalization;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Positions, and closing them.</summary>
internal static class PositionRoutes
{
    public static void MapPositions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2/positions", (HttpContext http, SimulatorCalls calls) => calls.CallAsync(http, (market, account) =>
            Results.Json([.. market.Positions(account).Select(position => PositionJson.Of(position))], AlpacaJson.Default.ImmutableArrayAlpacaPosition)));
        routes.MapGet("/v2/positions/{symbol}", (HttpContext http, SimulatorCalls calls, string symbol) =>
            calls.CallAsync(http, (market, account) => Find(market, account, symbol) is { } position
                ? Results.Json(PositionJson.Of(position), AlpacaJson.Default.AlpacaPosition)
                : NoPosition(symbol)));
        routes.MapDelete("/v2/positions", CloseAllAsync);
        routes.MapDelete("/v2/positions/{symbol}", CloseAsync);
    }

    private static VenuePosition? Find(SimulatedMarket market, AccountId account, string symbol) =>
        market.Positions(account).FirstOrDefault(position =>
            (Symbol.TryParse(Uri.UnescapeDataString(symbol), out var wanted, out _) && position.Symbol == wanted)
            || string.Equals(OrderJson.IdOf("asset", position.Symbol.Value).ToString(), symbol, StringComparison.OrdinalIgnoreCase));

    private static IResult NoPosition(string symbol) =>
        Answers.Error(StatusCodes.Status404NotFound, 40410000, $"position does not exist: {symbol}");

    private static async Task<IResult> CloseAsync(HttpContext http, SimulatorCalls calls, SimulatedMarket market, string symbol)
    {
        var account = SimulatorCalls.AccountOf(http);
        if (Find(market, account, symbol) is not { } position)
        {
            return await calls.CallAsync(http, (_, _) => NoPosition(symbol));
        }

        var quantity = Part(http.Request.Query, Math.Abs(position.Quantity));
        return quantity is null
            ? await calls.CallAsync(http, (_, _) => Answers.Invalid("qty and percentage exclude each other; qty is above 0 and at most the position, percentage above 0 and at most 100"))
            : await calls.PlaceAsync(http, Closing(position, quantity.Value));
    }

    private static Task<IResult> CloseAllAsync(HttpContext http, SimulatorCalls calls, bool? cancel_orders) =>
        calls.CallAsync(http, (market, account) =>
        {
            if (cancel_orders == true)
            {
                _ = calls.CancelAll(market, account).ToArray();
            }

            var closed = market.Positions(account).Select(position =>
            {
                var (order, refusal) = market.Place(Closing(position, Math.Abs(position.Quantity)));
                var status = (refusal?.Status ?? StatusCodes.Status200OK).ToString(CultureInfo.InvariantCulture);
                return new AlpacaPositionClosed(position.Symbol.InPositions(), status, order is null ? null : OrderJson.Of(order));
            });
            return Results.Json([.. closed], AlpacaJson.Default.ImmutableArrayAlpacaPositionClosed, statusCode: StatusCodes.Status207MultiStatus);
        });

    private static SimulatedOrderRequest Closing(VenuePosition position, decimal quantity) => new(
        position.Account,
        OrderJson.NewId().ToString(),
        position.Symbol,
        position.Quantity > 0 ? OrderSide.Sell : OrderSide.Buy,
        OrderType.Market,
        quantity,
        TimeInForce: TimeInForce.Day);

    private static decimal? Part(IQueryCollection query, decimal whole)
    {
        string? quantity = query["qty"], percentage = query["percentage"];
        if (quantity is null && percentage is null)
        {
            return whole;
        }

        if (quantity is not null && percentage is not null)
        {
            return null;
        }

        if (!decimal.TryParse(quantity ?? percentage, CultureInfo.InvariantCulture, out var number) || number <= 0)
        {
            return null;
        }

        var part = quantity is not null ? number : number > 100 ? whole + 1 : Math.Round(whole * number / 100, 9);
        return part > whole ? null : part;
    }
}
