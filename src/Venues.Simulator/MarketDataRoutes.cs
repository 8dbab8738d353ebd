using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Last trades, in the shape of Alpaca's market data API, which has a host of its own there.</summary>
internal static class MarketDataRoutes
{
    public static void MapMarketData(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2/stocks/{symbol}/trades/latest", (HttpContext http, SimulatorCalls calls, TimeProvider time, string symbol) =>
            calls.CallAsync(http, (market, _) => Symbol.TryParse(symbol, out var known, out var why)
                ? Results.Json(new AlpacaStockTrade(known.Value, Trade(market, known, time)), AlpacaJson.Default.AlpacaStockTrade)
                : Answers.Invalid(why)));
        routes.MapGet("/v1beta3/crypto/us/latest/trades", (HttpContext http, SimulatorCalls calls, TimeProvider time, string? symbols) =>
            calls.CallAsync(http, (market, _) =>
            {
                var trades = new Dictionary<string, AlpacaTrade>(StringComparer.Ordinal);
                foreach (var part in (symbols ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (!Symbol.TryParse(part, out var symbol, out var why))
                    {
                        return Answers.Invalid(why);
                    }

                    trades[symbol.InOrders()] = Trade(market, symbol, time);
                }

                return Results.Json(new AlpacaCryptoTrades(trades), AlpacaJson.Default.AlpacaCryptoTrades);
            }));
    }

    private static AlpacaTrade Trade(SimulatedMarket market, Symbol symbol, TimeProvider time) =>
        new(OrderJson.Time(time.GetUtcNow()), market.Price(symbol), 1);
}
