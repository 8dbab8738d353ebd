using System.Text.Json;
using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>What no broker has: faults to dial in, prices to set, and the venue's own truth. Faults never touch these.</summary>
internal static class SimulatorRoutes
{
    public static void MapSimulator(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/simulator/faults", (SimulatedFaults faults) => Results.Json(FaultsJson.Show(faults.Current)));
        routes.MapPut("/simulator/faults", PutFaultsAsync);
        routes.MapPut("/simulator/prices", PutPricesAsync);
        routes.MapGet("/simulator/market", (SimulatedMarket market) => Results.Json(AccountRoutes.Clock(market.Clock)));
        routes.MapPut("/simulator/market", PutMarketAsync);
        routes.MapGet("/simulator/orders", Orders);
        routes.MapGet("/simulator/positions", (SimulatedMarket market) => Results.Json(
            [.. market.Accounts.SelectMany(account => market.Positions(account)).Select(position => PositionJson.Of(position, withAccount: true))],
            AlpacaJson.Default.ImmutableArrayAlpacaPosition));
    }

    private static IResult Orders(SimulatedMarket market, string? status)
    {
        if (OrderRoutes.OfStatus(status) is not { } ofStatus)
        {
            return Answers.Invalid("status must be open, closed or all");
        }

        var open = status is null or "" or "open";
        var orders = market.Accounts
            .SelectMany(account => open ? market.OpenOrders(account) : market.Orders(account))
            .Where(ofStatus)
            .Select(order => OrderJson.Of(order) with { Account = order.Account.Value });
        return Results.Json(orders, AlpacaJson.Default.IEnumerableAlpacaOrder);
    }

    private static async Task<IResult> PutFaultsAsync(HttpContext http, SimulatedFaults faults)
    {
        using var body = await ReadAsync(http);
        if (body is null)
        {
            return Answers.Invalid("body: must be a JSON object");
        }

        (FaultSettings? Faults, string? Field, string? Why) applied = default;
        faults.Change(now =>
        {
            applied = FaultsJson.Apply(now, body.RootElement);
            return applied.Faults ?? now;
        });
        return applied.Faults is { } changed
            ? Results.Json(FaultsJson.Show(changed))
            : Answers.Invalid($"{applied.Field}: {applied.Why}");
    }

    /// <summary><c>{"open": false, "next_open": TIME, "cancels": "pending" or "refused"}</c>, or <c>{"open": true}</c>.</summary>
    private static async Task<IResult> PutMarketAsync(HttpContext http, SimulatedMarket market, TimeProvider time)
    {
        using var body = await ReadAsync(http);
        if (body is not { RootElement.ValueKind: JsonValueKind.Object }
            || !body.RootElement.TryGetProperty("open", out var open) || open.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return Answers.Invalid("open: must be true or false");
        }

        if (open.GetBoolean())
        {
            market.Open();
            return Results.Json(AccountRoutes.Clock(market.Clock));
        }

        var nextOpen = time.GetUtcNow().AddHours(12);
        if (body.RootElement.TryGetProperty("next_open", out var named) && !(named.ValueKind == JsonValueKind.String && named.TryGetDateTimeOffset(out nextOpen)))
        {
            return Answers.Invalid("next_open: must be a time in RFC 3339");
        }

        var cancels = body.RootElement.TryGetProperty("cancels", out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : "pending";
        if (cancels is not ("pending" or "refused"))
        {
            return Answers.Invalid("cancels: must be pending or refused");
        }

        market.Close(nextOpen, refuseCancels: cancels == "refused");
        return Results.Json(AccountRoutes.Clock(market.Clock));
    }

    private static async Task<IResult> PutPricesAsync(HttpContext http, SimulatedMarket market)
    {
        using var body = await ReadAsync(http);
        if (body is not { RootElement.ValueKind: JsonValueKind.Object })
        {
            return Answers.Invalid("body: must be a JSON object of prices by symbol");
        }

        var prices = new List<(Symbol Symbol, decimal Price)>();
        foreach (var field in body.RootElement.EnumerateObject())
        {
            if (!Symbol.TryParse(field.Name, out var symbol, out var why))
            {
                return Answers.Invalid($"{field.Name}: {why}");
            }

            if (field.Value.ValueKind != JsonValueKind.Number || !field.Value.TryGetDecimal(out var price) || price is <= 0 or > 1_000_000_000)
            {
                return Answers.Invalid($"{field.Name}: must be a number above 0 and at most 1000000000");
            }

            prices.Add((symbol, price));
        }

        foreach (var (symbol, price) in prices)
        {
            market.SetPrice(symbol, price);
        }

        return Results.Json(prices.ToDictionary(pair => pair.Symbol.Value, pair => pair.Price, StringComparer.Ordinal));
    }

    private static async Task<JsonDocument?> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            return null; // The caller is told that the body is malformed.
        }
    }
}
