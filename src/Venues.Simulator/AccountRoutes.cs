using EmergencyStop.Ids;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>The account, the market's hours and what can be traded.</summary>
internal static class AccountRoutes
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2/account", (HttpContext http, SimulatorCalls calls) =>
            calls.CallAsync(http, (market, account) => Results.Json(Account(market, account))));
        routes.MapGet("/v2/clock", (HttpContext http, SimulatorCalls calls) =>
            calls.CallAsync(http, (market, _) => Results.Json(Clock(market.Clock))));
        routes.MapGet("/v2/assets/{symbol}", (HttpContext http, SimulatorCalls calls, string symbol) =>
            calls.CallAsync(http, (_, _) => Symbol.TryParse(Uri.UnescapeDataString(symbol), out var known, out var why)
                ? Results.Json(Asset(known))
                : Answers.Invalid(why)));
    }

    private static Dictionary<string, object> Account(SimulatedMarket market, AccountId account)
    {
        var positions = market.Positions(account);
        var longs = Math.Round(positions.Sum(one => Math.Max(0, one.Quantity) * (one.CurrentPrice ?? 0)), 9);
        var shorts = Math.Round(positions.Sum(one => Math.Min(0, one.Quantity) * (one.CurrentPrice ?? 0)), 9);
        var cash = market.Cash(account);
        var equity = cash + longs + shorts;
        return new(StringComparer.Ordinal)
        {
            ["id"] = OrderJson.IdOf("account", account.Value).ToString(),
            ["account_number"] = account.Value,
            ["status"] = "ACTIVE",
            ["currency"] = "USD",
            ["cash"] = $"{cash}",
            ["portfolio_value"] = $"{equity}",
            ["equity"] = $"{equity}",
            ["last_equity"] = $"{equity}",
            ["long_market_value"] = $"{longs}",
            ["short_market_value"] = $"{shorts}",
            ["buying_power"] = $"{Math.Max(0, equity)}",
            ["regt_buying_power"] = $"{Math.Max(0, equity)}",
            ["daytrading_buying_power"] = "0",
            ["initial_margin"] = "0",
            ["maintenance_margin"] = "0",
            ["last_maintenance_margin"] = "0",
            ["sma"] = "0",
            ["multiplier"] = "1",
            ["daytrade_count"] = 0,
            ["pattern_day_trader"] = false,
            ["trade_suspended_by_user"] = false,
            ["trading_blocked"] = false,
            ["transfers_blocked"] = false,
            ["account_blocked"] = false,
            ["shorting_enabled"] = true,
            ["created_at"] = OrderJson.Time(market.CreatedAt(account)),
        };
    }

    /// <summary>Its days end at midnight UTC; it closes when <c>/simulator/market</c> says so.</summary>
    internal static Dictionary<string, object> Clock(MarketClock clock) => new(StringComparer.Ordinal)
    {
        ["timestamp"] = OrderJson.Time(clock.At),
        ["is_open"] = clock.IsOpen,
        ["next_open"] = OrderJson.Time(clock.NextOpen),
        ["next_close"] = OrderJson.Time(new DateTimeOffset((clock.IsOpen ? clock.At : clock.NextOpen).UtcDateTime.Date.AddDays(1), TimeSpan.Zero)),
    };

    private static Dictionary<string, object> Asset(Symbol symbol) => new(StringComparer.Ordinal)
    {
        ["id"] = OrderJson.IdOf("asset", symbol.Value).ToString(),
        ["class"] = Alpaca.Wire.AlpacaNames.AssetClass(symbol),
        ["exchange"] = symbol.Pair is null ? "NASDAQ" : "OTC",
        ["symbol"] = Alpaca.Wire.AlpacaNames.InOrders(symbol),
        ["name"] = $"{symbol} (simulated)",
        ["status"] = "active",
        ["tradable"] = true,
        ["marginable"] = false,
        ["shortable"] = true,
        ["easy_to_borrow"] = true,
        ["fractionable"] = true,
    };
}
