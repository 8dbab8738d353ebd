using Microsoft.Extensions.Time.Testing;

namespace EmergencyStop.Venues.Tests.Simulated;

/// <summary>A market with its clock, for one test.</summary>
internal sealed class MarketBench
{
    public static readonly AccountId Alice = AccountId.Parse("alice");
    public static readonly AccountId Bob = AccountId.Parse("bob");
    public static readonly Symbol Aapl = Symbol.Parse("AAPL");
    private int _ids;

    public MarketBench(Action<SimulatedOptions>? configure = null)
    {
        Options = new SimulatedOptions { Seed = 1 };
        configure?.Invoke(Options);
        Faults = new SimulatedFaults(Time, Options.Seed);
        Market = new SimulatedMarket(Options, Time, Faults);
        Link = new SimulatedLink(Market, Faults, Time);
        Venue = new SimulatedVenue(Market, Link, Faults, Options, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 5, 15, 0, 0, TimeSpan.Zero));

    public SimulatedOptions Options { get; }

    public SimulatedFaults Faults { get; }

    public SimulatedMarket Market { get; }

    public SimulatedLink Link { get; }

    public SimulatedVenue Venue { get; }

    public static decimal Filled(SimulatedOrderView order) => order.FilledQuantity;

    public SimulatedOrderRequest Request(AccountId account, OrderSide side, decimal quantity, decimal? limit = null) => new(
        account, $"o{++_ids}", Aapl, side, limit is null ? OrderType.Market : OrderType.Limit, quantity, limit);

    public SimulatedOrderView Place(SimulatedOrderRequest request)
    {
        var (order, refusal) = Market.Place(request);
        Assert.Null(refusal);
        return Assert.IsType<SimulatedOrderView>(order);
    }

    public SimulatedOrderView Place(AccountId account, OrderSide side, decimal quantity, decimal? limit = null) =>
        Place(Request(account, side, quantity, limit));

    public SimulatedOrderView Now(SimulatedOrderView order) =>
        Market.Find(order.Account, order.VenueOrderId.ToString()) ?? throw new InvalidOperationException("gone");

    public static VenueOrder Order(string id, OrderSide side, decimal quantity, decimal? limit = null, string account = "alice", string symbol = "AAPL") => new(
        OrderId.Parse(id),
        AccountId.Parse(account),
        new OrderTerms(
            UserId.Parse(account),
            StrategyId.Parse("s1"),
            Symbol.Parse(symbol),
            side,
            quantity,
            limit is null ? OrderType.Market : OrderType.Limit,
            limit));
}

/// <summary>A permit of a test.</summary>
internal sealed class TestPermit(string? refusal = null, CancellationToken windowEnd = default) : ISendPermit
{
    public int Asked { get; private set; }

    public CancellationToken WindowEnd { get; } = windowEnd;

    public bool TryTake(out string? why)
    {
        Asked++;
        why = refusal;
        return refusal is null;
    }
}
