using System.Globalization;
using EmergencyStop.Ids;
using EmergencyStop.Venues.Alpaca.Wire;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Simulator;

/// <summary>Reading orders.</summary>
internal static class OrderRoutes
{
    private const int DefaultPage = 50;

    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2/orders", List);
        routes.MapGet("/v2/orders:by_client_order_id", (HttpContext http, SimulatorCalls calls, string? client_order_id) =>
            calls.CallAsync(http, (market, account) => Show(market.FindByClientId(account, client_order_id ?? string.Empty), client_order_id)));
        routes.MapGet("/v2/orders/{id}", (HttpContext http, SimulatorCalls calls, string id) =>
            calls.CallAsync(http, (market, account) => Show(market.Find(account, id), id)));
    }

    /// <summary>Whether an order belongs into a list of that status; <c>null</c> for no such status.</summary>
    public static Func<SimulatedOrderView, bool>? OfStatus(string? status) => status switch
    {
        null or "" or "open" => static order => order.Status.IsOpen(),
        "closed" => static order => order.Status.HasEnded(),
        "all" => static _ => true,
        _ => null,
    };

    private static IResult Show(SimulatedOrderView? order, string? what) =>
        order is null ? Answers.Refused(SimulatedRefusal.NotFound(what ?? string.Empty)) : Answers.Order(order);

    private static Task<IResult> List(HttpContext http, SimulatorCalls calls)
    {
        var query = http.Request.Query;
        var (filter, why) = OrderFilter.Read(query);
        return filter is null
            ? calls.CallAsync(http, (_, _) => Answers.Invalid(why ?? string.Empty))
            : calls.CallAsync(http, (market, account) => Results.Json(
                filter.Apply(market, account).Select(OrderJson.Of), AlpacaJson.Default.IEnumerableAlpacaOrder));
    }

    /// <summary>The query of a list of orders.</summary>
    private sealed record OrderFilter(
        Func<SimulatedOrderView, bool> OfStatus,
        bool OpenOnly,
        DateTimeOffset? After,
        DateTimeOffset? Until,
        bool OldestFirst,
        int Limit,
        HashSet<Symbol>? Symbols)
    {
        public static (OrderFilter? Filter, string? Why) Read(IQueryCollection query)
        {
            string? status = query["status"], direction = query["direction"], limitText = query["limit"];
            if (OrderRoutes.OfStatus(status) is not { } ofStatus)
            {
                return (null, "status must be open, closed or all");
            }

            if (direction is not (null or "asc" or "desc"))
            {
                return (null, "direction must be asc or desc");
            }

            var limit = DefaultPage;
            if (limitText is not null
                && (!int.TryParse(limitText, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > AlpacaNames.LargestPage))
            {
                return (null, $"limit must be 1 to {AlpacaNames.LargestPage}");
            }

            if (!TryTime(query["after"], out var after) || !TryTime(query["until"], out var until))
            {
                return (null, "after and until must be times in RFC 3339");
            }

            var symbols = TrySymbols(query["symbols"], out var good);
            return good
                ? (new(ofStatus, status is null or "" or "open", after, until, direction == "asc", limit, symbols), null)
                : (null, "symbols must be symbols with commas between them");
        }

        public SimulatedOrderView[] Apply(SimulatedMarket market, AccountId account)
        {
            var orders = market.Orders(account, new(OpenOnly, After, Until, !OldestFirst));
            return [.. orders.Where(Matches).Take(Limit)];
        }

        private bool Matches(SimulatedOrderView order) =>
            OfStatus(order)
            && (Symbols is null || Symbols.Contains(order.Request.Symbol));

        private static bool TryTime(string? text, out DateTimeOffset? time)
        {
            time = null;
            if (string.IsNullOrEmpty(text))
            {
                return true;
            }

            var good = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
            time = good ? read : null;
            return good;
        }

        private static HashSet<Symbol>? TrySymbols(string? text, out bool good)
        {
            good = true;
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            var symbols = new HashSet<Symbol>();
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                good &= Symbol.TryParse(part, out var symbol, out _);
                symbols.Add(symbol);
            }

            return symbols;
        }
    }
}
