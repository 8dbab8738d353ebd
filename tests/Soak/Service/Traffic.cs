using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Silo.Tests;

namespace EmergencyStop.Soak.Service;

/// <summary>Traders who place orders one after the other, and note what they were told.</summary>
internal sealed class Traffic(int seed)
{
    public const int Traders = 6;
    private const int MostWaits = 1_500;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(3);

    private int _round;
    private int _waits;
    private CancellationTokenSource _end = new(); // Has no timer, so nothing to dispose of.
    private Task _running = Task.CompletedTask;

    /// <summary>Everything that was asked and answered.</summary>
    public ConcurrentQueue<HeardOrder> Heard { get; } = new();

    /// <summary>Each user has two strategies, one a symbol, so that no strategy nets another's position.</summary>
    public static StrategyId StrategyOf(UserId user, Symbol symbol) => StrategyId.Parse($"{user}-{symbol.Value.ToLowerInvariant()}");

    /// <summary>Begins to place orders with the service, until told to end.</summary>
    /// <param name="engineKey">Whose key the orders bear.</param>
    /// <param name="services">Who takes them: the traders are spread over all of these.</param>
    public void Start(string engineKey, params ServiceProcess[] services)
    {
        _round++;
        _end = new();
        _running = Task.WhenAll(Enumerable.Range(0, Traders).Select(trader => TradeAsync(services[trader % services.Length], engineKey, trader, _end.Token)));
    }

    /// <summary>Waits until so many more orders were let in.</summary>
    public async Task FlowsAsync(int orders)
    {
        for (var until = Heard.Count(o => o.OrderId is not null) + orders; Heard.Count(o => o.OrderId is not null) < until;)
        {
            Stalled(++_waits);
            await Task.Delay(20);
        }

        _waits = 0;
    }

    /// <summary>Ends, once every answer under way has come or failed; nothing where none runs.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _running;
        _waits = 0;
    }

    private static void Stalled(int waits)
    {
        if (waits > MostWaits)
        {
            throw new BrokenLawException("every stop is released, and no order is let in");
        }
    }

    private async Task TradeAsync(ServiceProcess service, string engineKey, int trader, CancellationToken end)
    {
        await Task.Yield();
        using var engine = ServiceClient.Of(service, engineKey);
        var random = new Random(HashCode.Combine(seed, _round, trader));
        var user = UserId.Parse($"u{trader}");
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            var symbol = Symbol.Parse(random.Next(2) == 0 ? "AAPL" : "MSFT");
            var trades = random.Next(6) == 0;
            var terms = new OrderTerms(
                user, StrategyOf(user, symbol), symbol, OrderSide.Buy, 1, trades ? OrderType.Market : OrderType.Limit, trades ? null : 50,
                ClientOrderId: ClientOrderId.Parse($"c-{_round}-{trader}-{i}"));
            Heard.Enqueue(await PlaceAsync(engine, terms));
            await Task.Delay(Between, CancellationToken.None);
        }
    }

    private static async Task<HeardOrder> PlaceAsync(ServiceClient engine, OrderTerms terms)
    {
        var sent = Stopwatch.GetTimestamp();
        try
        {
            var (status, body) = await engine.PostAsync("orders", new
            {
                user_id = terms.User.Value,
                strategy_id = terms.Strategy?.Value,
                symbol = terms.Symbol.Value,
                side = "buy",
                quantity = terms.Quantity,
                type = terms.Type == OrderType.Market ? "market" : "limit",
                limit_price = terms.LimitPrice,
                client_order_id = terms.ClientOrderId?.Value,
            });
            return new(terms, sent, status == HttpStatusCode.Created ? body["order_id"]?.GetValue<string>() ?? body["id"]!.GetValue<string>() : null);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
        {
            return new(terms, sent, null);
        }
    }
}
