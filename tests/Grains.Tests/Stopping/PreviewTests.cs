using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Stopping;

/// <summary>A press can be looked at before it is made; nothing is touched (F28).</summary>
public sealed class PreviewTests
{
    [Fact]
    public async Task F28_Preview_SaysWhatWouldBeTouched_AndTouchesNothing()
    {
        await using var world = await World.StartAsync();
        await world.PlaceAsync(World.AtMarket("alice", 7));
        await world.PlaceAsync(World.Resting("alice"));
        await world.PlaceAsync(World.Resting("alice", "BTC-USD", "s2", protective: true));
        await world.PlaceAsync(World.Resting("bob"));
        await world.PlaceAsync(World.AtMarket("alice", -7) with { Type = OrderType.Stop, StopPrice = 60, Protective = true });

        var preview = await world.System.PreviewAsync(StopTarget.Parse("USER:alice"), new(), CancellationToken.None);

        Assert.Equal((3, 1), (preview.Orders, preview.Users));
        Assert.Equal(["s1", "s2"], preview.Strategies.Select(s => s.Value));
        Assert.Equal("alice/AAPL", Assert.Single(preview.Positions));
        Assert.Equal("alice/AAPL", Assert.Single(preview.UnprotectedPositions));
        Assert.Equal(3, world.OpenAtVenue("alice").Length);
        await world.PlaceAsync(World.Resting("alice"));
    }

    [Theory]
    [InlineData("USER:alice/SYMBOL:MSFT", "USER:alice/SYMBOL:AAPL", 0)]
    [InlineData("USER:alice", "USER:alice/SYMBOL:AAPL", 1)]
    [InlineData("SYMBOL:AAPL", "USER:alice/SYMBOL:AAPL", 1)]
    [InlineData("SYSTEM", "USER:bob", 1)]
    [InlineData("USER:alice", "USER:bob", 0)]
    public async Task Preview_NamesTheStopsThatAlreadyHold(string held, string target, int named)
    {
        await using var world = await World.StartAsync();
        await world.StopAsync(held);
        var preview = await world.System.PreviewAsync(StopTarget.Parse(target), new(), CancellationToken.None);
        Assert.Equal(named, preview.Latches.Length);
    }
}
