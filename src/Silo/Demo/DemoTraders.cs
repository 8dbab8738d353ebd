using EmergencyStop.Ids;
using EmergencyStop.Ledger;
using EmergencyStop.Orders;
using EmergencyStop.Venues.Simulated;
using Orleans;

namespace EmergencyStop.Silo.Demo;

/// <summary>A few users whose strategies place orders all the time, on the simulated venue. With <c>--demo</c> only.</summary>
internal sealed class DemoTraders(IGrainFactory grains, ILedger ledger, SimulatedMarket market, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Symbols = ["AAPL", "MSFT", "BTC-USD", "ETH-USD"];

    /// <summary>Who trades in the demo; each with a strategy that makes markets and one that follows the trend.</summary>
    public static IReadOnlyList<string> Users { get; } = ["alice", "bob", "carol"];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var user in Users)
        {
            foreach (var kind in (string[])["maker", "trend"])
            {
                await ledger.RegisterAsync(
                    StrategyId.Parse($"{user}-{kind}"), UserId.Parse(user), $"{user}'s {kind}", null, mayChangeOwner: true, time.GetUtcNow(), stoppingToken);
            }
        }

        for (var turn = 0; !stoppingToken.IsCancellationRequested; turn++)
        {
            await PlaceAsync(turn, stoppingToken);
            try
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Makers rest a limit order a little off the price; every fifth order follows the trend at the market.</summary>
    private async Task PlaceAsync(int turn, CancellationToken cancellationToken)
    {
        var user = UserId.Parse(Users[turn % Users.Count]);
        var symbol = Symbol.Parse(Symbols[turn / Users.Count % Symbols.Length]);
        var follows = turn % 5 == 4;
        var side = turn / 2 % 2 == 0 ? OrderSide.Buy : OrderSide.Sell;
        var away = 1 + ((side == OrderSide.Buy ? -1 : 1) * (1 + (turn % 7)) / 100m);
        var terms = new OrderTerms(
            user,
            StrategyId.Parse($"{user}-{(follows ? "trend" : "maker")}"),
            symbol,
            side,
            1 + (turn % 3),
            follows ? OrderType.Market : OrderType.Limit,
            follows ? null : Math.Round(market.Price(symbol) * away, 2));
        await grains.GetGrain<IUserGrain>(user.Value).PlaceAsync(terms, cancellationToken);
    }
}
