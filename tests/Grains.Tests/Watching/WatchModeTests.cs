using System.Collections.Immutable;
using EmergencyStop.Grains.Watching;
using EmergencyStop.Ids;
using EmergencyStop.Orders;
using EmergencyStop.Stopping;

namespace EmergencyStop.Grains.Tests.Watching;

/// <summary>Accounts in which other programs place orders.</summary>
public sealed class WatchModeTests
{
    private static readonly (string, string)[] Watched =
    [
        ("Venues:Accounts:alice:Mode", "Watch"),
        ("Venues:Accounts:alice:Prefixes:grid_", "grid"),
    ];

    [Fact]
    public async Task PlaceOrder_IsRefused_AndNothingReachesTheVenue()
    {
        await using var world = await World.StartAsync(Watched);
        Assert.IsType<PlaceAnswer.AccountWatched>(await world.TryPlaceAsync(World.Resting("alice")));
        Assert.Empty(world.OpenAtVenue("alice"));
        await world.PlaceAsync(World.Resting("bob"));
    }

    [Fact]
    public async Task StrategyStop_EndsItsOrdersByClientOrderId_AndNobodyElses()
    {
        await using var world = await World.StartAsync(Watched);
        world.PlacePast("alice", "AAPL", "s1-0001");
        world.PlacePast("alice", "AAPL", "s1-a-0001");
        world.PlacePast("alice", "MSFT", "grid_7");
        world.PlacePast("alice", "MSFT", "by hand");
        await world.Ledger.RegisterAsync(
            StrategyId.Parse("s1-a"), UserId.Parse("alice"), null, null, mayChangeOwner: true, TimeProvider.System.GetUtcNow(), CancellationToken.None);

        var (_, first) = await world.StopAsync("STRATEGY:s1");
        Assert.Equal((StopState.Completed, 1), (first.State, first.OrdersCancelled));
        Assert.Equal(["s1-a-0001", "grid_7", "by hand"], Left(world));

        var (_, second) = await world.StopAsync("STRATEGY:grid");
        Assert.Equal((StopState.Completed, 1), (second.State, second.OrdersCancelled));
        Assert.Equal(["s1-a-0001", "by hand"], Left(world));

        world.PlacePast("alice", "AAPL", "s1-0002"); // Past the gate, long after the stop was completed.
        await world.UntilAsync(first.StopId, o => o.Any(x => x.Item == "s1-0002" && x.Outcome == OutcomeKind.Cancelled));
        Assert.Equal(["s1-a-0001", "by hand"], Left(world));
    }

    [Fact]
    public async Task Stop_SaysWhatItCannotGuarantee_BeforeAndAfter()
    {
        await using var world = await World.StartAsync(Watched);
        var preview = await world.System.PreviewAsync(StopTarget.System, StopOptions.Panic, CancellationToken.None);
        Assert.Contains(preview.Sentences, s => s.Contains("alice", StringComparison.Ordinal) && s.Contains("may trade before", StringComparison.Ordinal));
        var (_, result) = await world.StopAsync("SYSTEM", StopOptions.Panic);
        Assert.Equal(2, result.Warnings.Length);
        var (_, other) = await world.StopAsync("USER:bob");
        Assert.Empty(other.Warnings);
    }

    [Fact]
    public async Task Panic_ClosesThePosition_ThatOtherProgramsMade()
    {
        await using var world = await World.StartAsync(Watched);
        world.Market.Place(new(
            AccountId.Parse("alice"), "somebody's", Symbol.Parse("AAPL"), OrderSide.Buy, OrderType.Market, 4));
        var (_, result) = await world.StopAsync("USER:alice", StopOptions.Panic);
        Assert.Equal((StopState.Completed, 1), (result.State, result.PositionsClosed));
        Assert.Equal(0m, world.PositionAtVenue("alice", "AAPL"));
    }

    [Theory]
    [InlineData("s1-1", "s1")]
    [InlineData("s1-a-1", "s1-a")]
    [InlineData("grid_1", "grid")]
    [InlineData("s1", null)]
    [InlineData("S1-1", null)]
    [InlineData("", null)]
    public void ClientOrderId_BelongsToTheLongestBeginning(string clientOrderId, string? strategy)
    {
        StrategyId[] known = [StrategyId.Parse("s1"), StrategyId.Parse("s1-a")];
        var prefixes = ImmutableDictionary<string, StrategyId>.Empty.Add("grid_", StrategyId.Parse("grid"));
        Assert.Equal(strategy, ClientIdAttribution.StrategyOf(clientOrderId, known, prefixes)?.Value);
    }

    private static string[] Left(World world) => [.. world.OpenAtVenue("alice").Select(o => o.Request.ClientOrderId)];
}
