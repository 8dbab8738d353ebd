using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Orders;

/// <summary>A risk officer reduces a position past a closed gate, never past zero.</summary>
public sealed class PastGateTests
{
    [Fact]
    public async Task PastGate_ReducesOnly_AndNeverPastZero()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 5));
        var (stop, _) = await world.StopAsync("SYSTEM");
        var past = new PastGate(stop.Id, World.Officer, "hedge");
        var sell = World.AtMarket("alice", -3) with { ReduceOnly = true };

        Assert.IsType<PlaceAnswer.GateClosed>(await world.TryPlaceAsync(sell));
        Assert.Equal("reduce_only", Assert.IsType<PlaceAnswer.Invalid>(await PastAsync(world, sell with { ReduceOnly = false }, past)).Field);
        Assert.Equal("past_gate", Assert.IsType<PlaceAnswer.Invalid>(await PastAsync(world, sell, past with { By = World.Trader("alice") })).Field);
        Assert.IsType<PlaceAnswer.NotHeld>(await PastAsync(world, sell, past with { Stop = Ids.StopId.Parse("none") }));
        var sent = Assert.IsType<PlaceAnswer.Admitted>(await PastAsync(world, sell, past)).Order;
        Assert.Equal((OrderOrigin.PastGate, OrderState.Filled), (sent.Origin, sent.State));
        Assert.Equal(2m, world.PositionAtVenue("alice", "AAPL"));
        Assert.Equal("quantity", Assert.IsType<PlaceAnswer.Invalid>(await PastAsync(world, sell, past)).Field);
    }

    [Fact]
    public async Task PastGate_OfManyAtOnce_NeverReversesThePosition()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 5));
        var (stop, _) = await world.StopAsync("SYSTEM");
        var past = new PastGate(stop.Id, World.Officer, "hedge");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PastAsync(world, World.AtMarket("alice", -2) with { ReduceOnly = true }, past)));
        Assert.InRange(world.PositionAtVenue("alice", "AAPL"), 0m, 5m);
    }

    [Fact]
    public async Task PastGate_ThatRests_IsLeftByTheStandingStop_AndTakenByALaterOne()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 5));
        await world.PlaceAsync(World.Resting("bob"));
        world.SetDown("bob");
        var (stop, _) = await world.StopAsync("SYSTEM");
        var limit = World.AtMarket("alice", -5) with { Type = OrderType.Limit, LimitPrice = 500, ReduceOnly = true };
        var order = Assert.IsType<PlaceAnswer.Admitted>(await PastAsync(world, limit, new(stop.Id, World.Officer, "take profit"))).Order;
        await world.UntilAsync(stop.Id, outcomes => outcomes.Any(o => o.Kind == ObligationKind.Order && o.Attempts >= 5));
        Assert.Equal(order.Id.Value, Assert.Single(world.OpenAtVenue("alice")).Request.ClientOrderId);

        var (_, result) = await world.StopAsync("USER:alice");
        Assert.Equal((StopState.Completed, 1), (result.State, result.OrdersCancelled));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    private static Task<PlaceAnswer> PastAsync(World world, OrderTerms terms, PastGate past) =>
        world.User(terms.User.Value).PlacePastGateAsync(terms, past, CancellationToken.None);
}
