using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Venues;
using Orleans.Solo.Simulation;

namespace EmergencyStop.Simulation.Tests.Venues;

/// <summary>Orders of every kind, replaced, cancelled, asked about, in several accounts at once.</summary>
internal static class VenueTraffic
{
    private static readonly OrderType[] Types = Enum.GetValues<OrderType>();
    private static readonly TimeInForce[] InForce = Enum.GetValues<TimeInForce>();

    /// <summary>Runs it to its end.</summary>
    /// <returns>How many calls were answered.</returns>
    public static int Run(VenueBench bench, int orders = 60, params AccountId[] accounts)
    {
        var answered = 0;
        foreach (var account in accounts.Length == 0 ? [VenueBench.Alice, VenueBench.Bob] : accounts)
        {
            _ = TradeAsync(bench, account, orders, () => answered++);
        }

        bench.Run();
        return answered;
    }

    private static async Task TradeAsync(VenueBench bench, AccountId account, int orders, Action answered)
    {
        var random = bench.World.RandomOf($"traffic/{account}");
        for (var i = 0; i < orders; i++)
        {
            await bench.World.DelayAsync(random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(100)), bench.Process);
            _ = LiveAsync(bench, account, $"{account}-o{i}", random, answered);
            if (random.Chance(0.05))
            {
                _ = AllAsync(bench, account, answered);
            }
        }
    }

    private static async Task LiveAsync(VenueBench bench, AccountId account, string id, SeededRandom random, Action answered)
    {
        var link = bench.Link;
        var terms = Terms(account, random);
        var order = new VenueOrder(OrderId.Parse(id), account, terms);
        using var permit = bench.Permit();
        var placed = await link.PlaceAsync(order, permit, CancellationToken.None);
        answered();
        await bench.World.DelayAsync(random.LogBetween(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1)), bench.Process);
        var resting = (placed as PlaceOutcome.Accepted)?.Report;
        if (resting is { State: OrderState.Open } && random.Chance(0.2))
        {
            using var again = bench.Permit();
            var next = new VenueOrder(OrderId.Parse($"{id}r"), account, terms with { Quantity = 20 });
            await link.ReplaceAsync(new(next, resting.VenueOrderId, terms), again, CancellationToken.None);
            answered();
        }

        await link.CancelAsync(account, order.Id, random.Chance(0.8) ? resting?.VenueOrderId : null, CancellationToken.None);
        await link.FindOrdersAsync(account, [order.Id], CancellationToken.None);
        answered();
    }

    private static async Task AllAsync(VenueBench bench, AccountId account, Action answered)
    {
        using var permit = bench.Permit();
        await bench.Link.CancelAllAsync(account, permit, CancellationToken.None);
        await bench.Link.OpenOrdersAsync(account, CancellationToken.None);
        await bench.Link.PositionsAsync(account, CancellationToken.None);
        await bench.Link.ClockAsync(account, CancellationToken.None);
        await bench.Link.PriceAsync(account, VenueBench.Pair, CancellationToken.None);
        answered();
    }

    private static OrderTerms Terms(AccountId account, SeededRandom random)
    {
        var type = random.Pick(Types);
        var immediate = type is OrderType.Market or OrderType.Limit;
        return new(
            UserId.Parse(account.Value),
            null,
            random.Chance(0.5) ? VenueBench.Pair : VenueBench.Share,
            random.Chance(0.5) ? OrderSide.Buy : OrderSide.Sell,
            1 + random.Next(20),
            type,
            type is OrderType.Limit or OrderType.StopLimit ? 80 + random.Next(40) : null,
            TimeInForce: immediate ? random.Pick(InForce) : TimeInForce.Gtc,
            ReduceOnly: random.Chance(0.1));
    }
}
