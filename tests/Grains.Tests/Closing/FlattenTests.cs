using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Closing;

/// <summary>Closing after the cancels, sized by signed exposure, never doubled (F5, F9, F18, F22, F23).</summary>
public sealed class FlattenTests
{
    [Fact]
    public async Task F9_Panic_CancelsPausesAndCloses_LongAndShort()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        await world.PlaceAsync(World.AtMarket("alice", -3, "BTC-USD"));
        await world.PlaceAsync(World.Resting("alice"));
        var (stop, result) = await world.StopAsync("USER:alice", StopOptions.Panic);
        Assert.Equal((StopState.Completed, 1, 2), (result.State, result.OrdersCancelled, result.PositionsClosed));
        Assert.Equal((0m, 0m), (world.PositionAtVenue("alice", "AAPL"), world.PositionAtVenue("alice", "BTC-USD")));
        Assert.Empty(world.OpenAtVenue("alice"));
        Assert.Empty(await world.Ledger.PositionsAsync(UserId.Parse("alice"), null, null, CancellationToken.None));
        var clocks = (await world.Ledger.FindStopAsync(stop.Id, CancellationToken.None))!.Clocks;
        Assert.NotNull(clocks.GateClosed);
        Assert.NotNull(clocks.CancelsConfirmed);
        Assert.True(clocks.Flat >= clocks.CancelsConfirmed, "Flat before the cancels were confirmed.");
    }

    [Fact]
    public async Task SymbolStop_ClosesThatSymbolOfEveryUserOnly()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 2));
        await world.PlaceAsync(World.AtMarket("bob", -4));
        await world.PlaceAsync(World.AtMarket("bob", 5, "BTC-USD"));
        var (_, result) = await world.StopAsync("SYMBOL:AAPL", StopOptions.Panic);
        Assert.Equal((StopState.Completed, 2), (result.State, result.PositionsClosed));
        Assert.Equal(5m, world.PositionAtVenue("bob", "BTC-USD"));
    }

    [Fact]
    public async Task StrategyStop_ClosesItsPart_AndNamesWhatOthersNetOut()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 10, strategy: "s1"));
        await world.PlaceAsync(World.AtMarket("alice", -4, strategy: "s2"));
        var (_, result) = await world.StopAsync("STRATEGY:s1", StopOptions.Panic);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
        Assert.Equal(StopState.Outstanding, result.State);
        Assert.Equal("netted", Assert.Single(result.Outstanding).Phase);
    }

    [Fact]
    public async Task StrategyStop_LeavesOtherStrategiesPositions()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 10, strategy: "s1"));
        await world.PlaceAsync(World.AtMarket("alice", 4, strategy: "s2"));
        var (_, result) = await world.StopAsync("STRATEGY:s1", StopOptions.Panic);
        Assert.Equal((StopState.Completed, 1), (result.State, result.PositionsClosed));
        Assert.Equal(4m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task F23_TwoStopsAtOnce_CloseThePositionOnce()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        var first = world.StopAsync("USER:alice", StopOptions.Panic);
        var second = world.StopAsync("SYMBOL:AAPL", StopOptions.Panic);
        var (a, _) = await first;
        var (b, _) = await second;
        await world.UntilAsync(a.Id, StopState.Completed);
        await world.UntilAsync(b.Id, StopState.Completed);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task Stop_ThatCancelsAProtectiveOrder_NamesTheUnprotectedPosition()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        await world.PlaceAsync(Guard("alice"));
        var (_, result) = await world.StopAsync("USER:alice");
        Assert.Equal("alice/AAPL", Assert.Single(result.UnprotectedPositions));
    }

    [Fact]
    public async Task F22_KeepProtective_LeavesTheGuardUntilFlat()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        var guard = await world.PlaceAsync(Guard("alice"));
        await world.PlaceAsync(World.Resting("alice"));
        var (stop, result) = await world.StopAsync("USER:alice", new(KeepProtective: true));
        Assert.Equal((StopState.Completed, 1), (result.State, result.OrdersCancelled));
        Assert.Equal(guard.Id.Value, Assert.Single(world.OpenAtVenue("alice")).Request.ClientOrderId);
        Assert.Empty(result.UnprotectedPositions);

        var (_, flat) = await world.StopAsync("USER:alice", new(KeepProtective: true, ClosePositions: true));
        Assert.Equal((StopState.Completed, 1), (flat.State, flat.PositionsClosed));
        Assert.Empty(world.OpenAtVenue("alice"));
        Assert.NotEqual(stop.Id, flat.StopId);
    }

    [Fact]
    public async Task Close_ThatTheVenueRejects_StaysOutstanding_AndIsTriedAgain()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        world.Faults.Change(f => f with { Reject = 1 });
        var (stop, result) = await world.StopAsync("USER:alice", StopOptions.Panic);
        Assert.Equal(StopState.Outstanding, result.State);
        Assert.Equal(7m, world.PositionAtVenue("alice", "AAPL"));
        world.Faults.Change(f => f with { Reject = 0 });
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task F23_Close_WhoseAnswerIsLost_IsNeverDoubled()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        world.Faults.Change(f => f with { LoseAnswers = 1 });
        var (stop, _) = await world.StopAsync("USER:alice", StopOptions.Panic, waitSeconds: 1);
        world.Faults.Change(f => f with { LoseAnswers = 0 });
        await world.UntilAsync(stop.Id, StopState.Completed);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Fact]
    public async Task F18_ReduceOnly_CannotPassZero()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 1));
        var answer = await world.TryPlaceAsync(World.AtMarket("alice", -10) with { ReduceOnly = true });
        Assert.Equal("quantity", Assert.IsType<PlaceAnswer.Invalid>(answer).Field);
        var named = World.AtMarket("alice", -1) with { ReduceOnly = true, ClientOrderId = ClientOrderId.Parse("exit") };
        var exit = await world.PlaceAsync(named);
        Assert.Equal(exit.Id, (await world.PlaceAsync(named)).Id);
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    private static OrderTerms Guard(string user) => new(
        UserId.Parse(user), StrategyId.Parse("s1"), Symbol.Parse("AAPL"), OrderSide.Sell, 7, OrderType.Stop, StopPrice: 60, Protective: true);
}
