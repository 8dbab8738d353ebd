using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;
using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Grains.Tests.Orders;

/// <summary>Replacing an order that rests, with and without a venue's troubles (F1: working, in flight and pending replace are ended alike).</summary>
public sealed class ReplaceTests
{
    private static readonly OrderChanges Dearer = new(LimitPrice: 51);

    [Fact]
    public async Task Replace_PutsAnOrderOfItsOwnInThePlaceOfTheOther()
    {
        await using var world = await World.StartAsync();
        var old = await world.PlaceAsync(World.Resting("alice"));

        var next = Admitted(await ReplaceAsync(world, old));

        Assert.Equal((OrderState.Open, old.Id, 51m), (next.State, next.Replaces, next.Terms.LimitPrice));
        Assert.True(next.Number > old.Number);
        var resting = Assert.Single(world.OpenAtVenue("alice"));
        Assert.Equal((next.Id.Value, 51m), (resting.Request.ClientOrderId, resting.Request.LimitPrice));
        Assert.Equal(OrderState.Replaced, (await FindAsync(world, old)).State);
        var (_, result) = await world.StopAsync("USER:alice");
        Assert.Equal((StopState.Completed, 1), (result.State, result.OrdersCancelled));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task Replace_BehindAClosedGate_IsRefusedLikeANewOrder()
    {
        await using var world = await World.StartAsync();
        var old = await world.PlaceAsync(World.Resting("alice"));
        var (stop, _) = await world.StopAsync("USER:alice", new StopOptions { CancelOrders = false });

        var answer = Assert.IsType<PlaceAnswer.GateClosed>(await ReplaceAsync(world, old));

        Assert.Equal(stop.Id, answer.By.Stop);
        Assert.Equal(old.Id.Value, Assert.Single(world.OpenAtVenue("alice")).Request.ClientOrderId);
        Assert.Equal(OrderState.Open, (await FindAsync(world, old)).State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(250)]
    public async Task F1_Stop_WhileTheReplacementIsOnItsWay_EndsBoth(int pressAfterMs)
    {
        await using var world = await World.StartAsync();
        var old = await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { Latency = TimeSpan.FromMilliseconds(200) });

        var replacing = ReplaceAsync(world, old);
        await Task.Delay(pressAfterMs);
        var (stop, _) = await world.StopAsync("USER:alice");
        var answer = await replacing;

        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(world.OpenAtVenue("alice"));
        Assert.False((await FindAsync(world, old)).State.IsActive());
        if (answer is PlaceAnswer.Admitted { Order: var next })
        {
            Assert.False((await FindAsync(world, next)).State.IsActive());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F1_Stop_OverAReplacementWhoseAnswerWasLost_EndsBoth(bool dies)
    {
        var world = await World.StartAsync();
        var old = await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { LoseAnswers = 1 });
        var next = Admitted(await ReplaceAsync(world, old));
        world.Faults.Change(f => f with { LoseAnswers = 0 });
        if (dies)
        {
            await world.AbandonAsync();
            world = await World.StartAsync(world);
        }

        await using var now = world;
        var (stop, _) = await now.StopAsync("USER:alice");
        await now.UntilAsync(stop.Id, StopState.Completed);
        Assert.Empty(now.OpenAtVenue("alice"));
        Assert.Equal(OrderState.Replaced, (await FindAsync(now, old)).State);
        Assert.Equal(OrderState.Cancelled, (await FindAsync(now, next)).State);
    }

    [Fact]
    public async Task Replace_WhoseAnswerWasLost_IsFoundWithoutAnyStop()
    {
        await using var world = await World.StartAsync();
        var old = await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { LoseAnswers = 1 });
        var next = Admitted(await ReplaceAsync(world, old));
        world.Faults.Change(f => f with { LoseAnswers = 0 });

        await UntilAsync(world, next, OrderState.Open);
        Assert.Equal(OrderState.Replaced, (await FindAsync(world, old)).State);
    }

    /// <summary>Refused by the venue, or never sent: the order before it rests as it was, and a stop still owes it.</summary>
    [Theory]
    [InlineData(true, OrderState.NeverSent)]
    [InlineData(false, OrderState.Rejected)]
    public async Task F1_Replace_ThatTheVenueDoesNotTake_LeavesTheOldAsItWas_AndOwed(bool down, OrderState ends)
    {
        await using var world = await World.StartAsync();
        var old = await world.PlaceAsync(World.Resting("alice"));
        if (down)
        {
            world.Faults.Change(f => f with { Down = true });
        }
        else
        {
            // Nothing at the venue tells of it yet: what the service asks to replace is on its way out already.
            world.Market.BeginCancel(old.Account, old.VenueOrderId!); // It rests, so it has one.
        }

        var next = Admitted(await ReplaceAsync(world, old));
        Assert.Equal(ends, next.State);
        Assert.Equal(OrderState.Open, (await FindAsync(world, old)).State);
        world.Faults.Change(f => f with { Down = false });

        var (_, result) = await world.StopAsync("USER:alice");
        Assert.Equal((StopState.Completed, 1), (result.State, result.OrdersCancelled));
        Assert.Empty(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task Replace_OfAnEndedOrOneThatIsBeingReplaced_IsRefused_AndARepeatIsTheSame()
    {
        await using var world = await World.StartAsync();
        var old = await world.PlaceAsync(World.Resting("alice"));
        world.Faults.Change(f => f with { Latency = TimeSpan.FromMilliseconds(400) });
        var name = ClientOrderId.Parse("mine");
        var replacing = ReplaceAsync(world, old, name: name);

        Assert.Contains("being replaced", Assert.IsType<PlaceAnswer.NotReplaceable>(await ReplaceAsync(world, old)).Why, StringComparison.Ordinal);
        var next = Admitted(await replacing);
        world.Faults.Change(f => f with { Latency = TimeSpan.Zero });
        await UntilAsync(world, next, OrderState.Open);

        Assert.Equal(next.Id, Admitted(await ReplaceAsync(world, old, name: name)).Id);
        Assert.IsType<PlaceAnswer.NotReplaceable>(await ReplaceAsync(world, old));
        Assert.IsType<PlaceAnswer.NotReplaceable>(await world.User("bob").ReplaceAsync(next.Id, new(LimitPrice: 52), null, CancellationToken.None));
        Assert.Single(world.OpenAtVenue("alice"));
    }

    [Fact]
    public async Task Replace_ThatChangesNothing_OrIsNoOrder_IsInvalid()
    {
        await using var world = await World.StartAsync();
        var old = await world.PlaceAsync(World.Resting("alice"));
        Assert.Equal("body", Assert.IsType<PlaceAnswer.Invalid>(await ReplaceAsync(world, old, new())).Field);
        Assert.Equal("quantity", Assert.IsType<PlaceAnswer.Invalid>(await ReplaceAsync(world, old, new(Quantity: 0))).Field);
        Assert.Equal("stop_price", Assert.IsType<PlaceAnswer.Invalid>(await ReplaceAsync(world, old, new(StopPrice: 10))).Field);
        Assert.Equal("trail", Assert.IsType<PlaceAnswer.Invalid>(await ReplaceAsync(world, old, new(Trail: 1))).Field);
    }

    /// <summary>At the venue the new order's fills include the old one's: neither the position nor anybody's fills may count them twice.</summary>
    [Fact]
    public async Task Replace_OfAPartlyFilledOrder_CountsEachFillOnce()
    {
        await using var world = await World.StartAsync(("Venues:Simulated:MakerQuantity", "4"), ("Venues:Simulated:TickEvery", "00:10:00"));
        var old = await world.PlaceAsync(World.Resting("alice") with { Quantity = 10 });
        var symbol = old.Terms.Symbol;
        world.Market.SetPrice(symbol, 49);
        await UntilAsync(world, old, o => o.FilledQuantity == 4);
        world.Market.SetPrice(symbol, 60);

        Assert.Equal("quantity", Assert.IsType<PlaceAnswer.Invalid>(await ReplaceAsync(world, old, new(Quantity: 4))).Field);
        var next = Admitted(await ReplaceAsync(world, old, new(Quantity: 8)));
        Assert.Equal((OrderState.Open, 4m), (next.State, next.FilledQuantity));
        world.Market.SetPrice(symbol, 49);
        await UntilAsync(world, next, OrderState.Filled);

        var positions = await world.Ledger.PositionsAsync(UserId.Parse("alice"), null, symbol, CancellationToken.None);
        Assert.Equal(world.PositionAtVenue("alice", symbol.Value), Assert.Single(positions).Quantity);
        Assert.Equal(8, positions[0].Quantity);
    }

    private static Task<PlaceAnswer> ReplaceAsync(World world, Order old, OrderChanges? changes = null, ClientOrderId? name = null) =>
        world.User(old.Terms.User.Value).ReplaceAsync(old.Id, changes ?? Dearer, name, CancellationToken.None);

    private static Order Admitted(PlaceAnswer answer) => Assert.IsType<PlaceAnswer.Admitted>(answer).Order;

    private static async Task<Order> FindAsync(World world, Order order) =>
        await world.Ledger.FindOrderAsync(order.Id, CancellationToken.None) ?? throw new InvalidOperationException("The ledger has lost a row.");

    private static Task UntilAsync(World world, Order order, OrderState state) => UntilAsync(world, order, o => o.State == state);

    private static async Task UntilAsync(World world, Order order, Func<Order, bool> enough)
    {
        for (var i = 0; i < 1200 && !enough(await FindAsync(world, order)); i++)
        {
            await Task.Delay(25);
        }

        Assert.True(enough(await FindAsync(world, order)), $"It is {await FindAsync(world, order)}");
    }
}
