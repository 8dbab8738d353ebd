using System.Collections.Concurrent;

namespace EmergencyStop.Venues.Tests.Simulated;

/// <summary>The facts about a market, apart from how it was brought about.</summary>
internal sealed class MarketChecker(MarketBench bench, AccountId[] accounts, Symbol[] symbols) : IVenueObserver
{
    private readonly ConcurrentDictionary<string, VenueOrderReport> _last = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _wrong = new();

    public void OnOrder(VenueOrderReport report)
    {
        if (_last.TryGetValue(report.VenueOrderId, out var before))
        {
            if (!before.State.IsActive() && before != report)
            {
                _wrong.Enqueue($"{report.VenueOrderId} changed after its end: {before} to {report}");
            }

            if (report.FilledQuantity < before.FilledQuantity)
            {
                _wrong.Enqueue($"{report.VenueOrderId} lost fills: {before} to {report}");
            }
        }

        _last[report.VenueOrderId] = report;
    }

    /// <summary>The first fact that does not hold.</summary>
    public string? Check() => _wrong.FirstOrDefault() ?? Orders() ?? Positions() ?? Cash() ?? Books() ?? Told();

    private string? Orders()
    {
        foreach (var account in accounts)
        {
            var all = bench.Market.Orders(account).ToArray();
            var open = bench.Market.OpenOrders(account);
            var wrong = all.FirstOrDefault(order => order.FilledQuantity < 0
                || order.FilledQuantity > order.Request.Quantity
                || (order.Status == SimulatedStatus.Filled) != (order.FilledQuantity == order.Request.Quantity)
                || (order.Status == SimulatedStatus.New && order.FilledQuantity != 0)
                || (order.Status.IsOpen() && order.Request.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok && IsWorking(order))
                || (order.Request.TimeInForce == TimeInForce.Fok && order is { FilledQuantity: > 0, Replaces: null, Request.ReduceOnly: false } && order.Status != SimulatedStatus.Filled));
            if (wrong is not null)
            {
                return $"an order is in an impossible state: {wrong}";
            }

            if (!all.Where(order => order.Status.IsOpen()).Select(order => order.VenueOrderId).SequenceEqual(open.Select(order => order.VenueOrderId)))
            {
                return $"the open orders of {account} are not those of its history that are open";
            }

            if (all.DistinctBy(order => order.Request.ClientOrderId).Count() != all.Length)
            {
                return $"{account} has a client order id twice";
            }

            if (!all.Zip(all.Skip(1)).All(pair => pair.First.SubmittedAt < pair.Second.SubmittedAt))
            {
                return $"{account} has orders out of order";
            }
        }

        return null;
    }

    private static bool IsWorking(SimulatedOrderView order) => order.Request.Trigger is null;

    /// <summary>Each account holds what its orders have traded, and all together with the maker hold nothing.</summary>
    private string? Positions()
    {
        foreach (var symbol in symbols)
        {
            var sum = bench.Market.Maker(symbol).Quantity;
            foreach (var account in accounts)
            {
                var held = bench.Market.Positions(account).SingleOrDefault(one => one.Symbol == symbol)?.Quantity ?? 0;
                var traded = Chains(account, symbol).Sum(order => order.Request.Side == OrderSide.Buy ? order.FilledQuantity : -order.FilledQuantity);
                if (held != traded)
                {
                    return $"{account} holds {held} {symbol} and its orders have traded {traded}";
                }

                sum += held;
            }

            if (sum != 0)
            {
                return $"{sum} {symbol} came from nowhere";
            }
        }

        return null;
    }

    private string? Cash()
    {
        var cash = accounts.Sum(bench.Market.Cash) + symbols.Sum(symbol => bench.Market.Maker(symbol).Cash);
        return cash == accounts.Length * 100_000m ? null : $"{cash - (accounts.Length * 100_000m)} of cash came from nowhere";
    }

    /// <summary>A book is never crossed, and nothing rests or waits that should have traded with an unbounded maker.</summary>
    private string? Books()
    {
        foreach (var symbol in symbols)
        {
            var (bid, ask) = bench.Market.BestPrices(symbol);
            var last = bench.Market.Price(symbol);
            if (bid >= ask)
            {
                return $"{symbol} is crossed: {bid} and {ask}";
            }

            if (bench.Options.MakerQuantity is null && (bid >= last || ask <= last))
            {
                return $"{symbol} rests at {bid} and {ask} while the last price is {last}";
            }
        }

        var slept = accounts.SelectMany(account => bench.Market.OpenOrders(account)).FirstOrDefault(order =>
            order.Request.Type is OrderType.Stop
            && order.FilledQuantity == 0
            && bench.Options.MakerQuantity is null
            && (order.Request.Side == OrderSide.Buy ? bench.Market.Price(order.Request.Symbol) >= order.TriggerPrice : bench.Market.Price(order.Request.Symbol) <= order.TriggerPrice));
        return slept is null ? null : $"a stop was slept through: {slept}";
    }

    /// <summary>Observers know the last state of every order.</summary>
    private string? Told()
    {
        var untold = accounts.SelectMany(account => bench.Market.Orders(account))
            .FirstOrDefault(order => !_last.TryGetValue(order.VenueOrderId.ToString(), out var told) || told != order.ToReport());
        return untold is null ? null : $"observers were not told of {untold}";
    }

    /// <summary>Orders that nothing has replaced; a successor's fills include its predecessor's.</summary>
    private IEnumerable<SimulatedOrderView> Chains(AccountId account, Symbol symbol) =>
        bench.Market.Orders(account).Where(order => order.Request.Symbol == symbol && order.Status != SimulatedStatus.Replaced);
}
