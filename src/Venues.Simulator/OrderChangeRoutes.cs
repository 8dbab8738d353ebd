using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Placing, replacing and cancelling orders.</summary>
internal static class OrderChangeRoutes
{
    public static void MapOrderChanges(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v2/orders", PlaceAsync);
        routes.MapPatch("/v2/orders/{id}", ReplaceAsync);
        routes.MapDelete("/v2/orders", (HttpContext http, SimulatorCalls calls) => calls.CancelAllAsync(http));
        routes.MapDelete("/v2/orders/{id}", (HttpContext http, SimulatorCalls calls, string id) => calls.CancelAsync(http, id));
    }

    private static async Task<IResult> PlaceAsync(HttpContext http, SimulatorCalls calls)
    {
        if (await ReadAsync(http, AlpacaJson.Default.AlpacaOrderRequest) is not { } body)
        {
            return Malformed();
        }

        var (request, why) = OrderJson.Read(body, SimulatorCalls.AccountOf(http));
        return request is null
            ? await calls.CallAsync(http, (_, _) => Answers.Invalid(why ?? string.Empty))
            : await calls.PlaceAsync(http, request);
    }

    private static async Task<IResult> ReplaceAsync(HttpContext http, SimulatorCalls calls, string id)
    {
        if (await ReadAsync(http, AlpacaJson.Default.AlpacaOrderPatch) is not { } body)
        {
            return Malformed();
        }

        if (body.TimeInForce is not null && WireWords.ReadForce(body.TimeInForce) is null)
        {
            return Answers.Invalid("time_in_force must be day, gtc, ioc or fok");
        }

        var changes = new SimulatedReplacement(
            body.Qty, body.LimitPrice, body.StopPrice, body.Trail, WireWords.ReadForce(body.TimeInForce), body.ClientOrderId);
        return await calls.CallAsync(http, (market, account) => SimulatorCalls.Show(market.Replace(account, id, changes), Answers.Order));
    }

    private static IResult Malformed() => Answers.Error(StatusCodes.Status400BadRequest, 40010000, "request body format is invalid");

    private static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null; // The caller is told that the body is malformed.
        }
    }
}
