namespace EmergencyStop.Venues.Tests.Simulated;

/// <summary>What holds after every step of any history of the market. A failure names its seed and its step.</summary>
public sealed class MarketPropertyTests
{
    private const int Steps = 400;
    private static readonly AccountId[] Accounts = [MarketBench.Alice, MarketBench.Bob, AccountId.Parse("carol")];
    private static readonly Symbol[] Symbols = [MarketBench.Aapl, Symbol.Parse("BTC-USD")];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnyHistory_KeepsTheBooksStraight(int seed)
    {
        var random = new Random(seed);
        var bench = new MarketBench(options => options.MakerQuantity = random.Next(3) switch { 0 => null, 1 => 0, _ => 3 });
        var checker = new MarketChecker(bench, Accounts, Symbols);
        bench.Market.Subscribe(checker);
        for (var step = 0; step < Steps; step++)
        {
            Step(bench, random, step);
            var wrong = checker.Check();
            Assert.True(wrong is null, $"seed {seed}, step {step}: {wrong}");
        }
    }

    [Fact]
    public void SameSeed_GivesTheSameHistory() => Assert.Equal(History(7), History(7));

    /// <summary>Many threads on few symbols: nothing is lost, doubled or traded after its cancel.</summary>
    [Fact]
    public async Task ManyThreads_KeepTheBooksStraight()
    {
        var bench = new MarketBench(options => options.MakerQuantity = 3);
        var checker = new MarketChecker(bench, Accounts, Symbols);
        bench.Market.Subscribe(checker);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var step = 0; step < 1500; step++)
            {
                Step(bench, random, (worker * 100_000) + step);
            }
        })));

        Assert.Null(checker.Check());
    }

    private static string History(int seed)
    {
        var (random, bench) = (new Random(seed), new MarketBench(options => options.WalkPercent = 2));
        for (var step = 0; step < Steps; step++)
        {
            Step(bench, random, step);
            bench.Market.Tick();
        }

        return string.Join('\n', Accounts.SelectMany(account => bench.Market.Orders(account)));
    }

    private static void Step(MarketBench bench, Random random, int step)
    {
        var account = Accounts[random.Next(Accounts.Length)];
        var symbol = Symbols[random.Next(Symbols.Length)];
        switch (random.Next(10))
        {
            case < 6:
                bench.Market.Place(RandomRequest(random, account, symbol, step));
                break;
            case < 8 when bench.Market.OpenOrders(account) is { Length: > 0 } open:
                bench.Market.Cancel(account, open[random.Next(open.Length)].VenueOrderId.ToString());
                break;
            case 8 when bench.Market.OpenOrders(account) is { Length: > 0 } open:
                var one = open[random.Next(open.Length)];
                bench.Market.Replace(account, one.VenueOrderId.ToString(), new(Quantity: random.Next(1, 20)));
                break;
            default:
                bench.Market.SetPrice(symbol, 90 + random.Next(21));
                break;
        }
    }

    private static SimulatedOrderRequest RandomRequest(Random random, AccountId account, Symbol symbol, int step)
    {
        var type = (OrderType)random.Next(5);
        var price = 90 + (random.Next(201) / 10m);
        return new(
            account,
            $"c{step}",
            symbol,
            (OrderSide)random.Next(2),
            type,
            random.Next(1, 100) / 10m,
            type is OrderType.Limit or OrderType.StopLimit ? price : null,
            type switch
            {
                OrderType.Stop or OrderType.StopLimit => new(price),
                OrderType.TrailingStop => random.Next(2) == 0 ? new(null, TrailPrice: random.Next(1, 5)) : new(null, TrailPercent: random.Next(1, 5)),
                _ => null,
            },
            (TimeInForce)random.Next(4),
            ReduceOnly: random.Next(5) == 0);
    }
}
