using EmergencyStop.Ids;
using EmergencyStop.Ledger.Orders;
using EmergencyStop.Orders;

namespace EmergencyStop.Grains.Tests.Orders;

/// <summary>Orders whose follower is gone, while every process lives on.</summary>
public sealed class OrderRecoveryTests
{
    private static readonly (string, string) ShortWindow = ("Orders:SendWindow", "00:00:00.400");
    private static readonly (string, string) LookSoon = ("Orders:UnclearFor", "00:00:00.400");

    [Fact]
    public async Task OrdersInFlight_ThatNobodyFollows_AreBroughtToTheirEnd()
    {
        await using var world = await World.StartAsync(ShortWindow, LookSoon);

        // What is left when the process starts is looked at then; the second is left behind after that.
        foreach (var user in new[] { "alice", "bob" })
        {
            var order = await AdmitAsync(world, user);
            var row = await World.EndedAsync(() => world.Ledger.FindOrderAsync(order.Id, CancellationToken.None));
            Assert.Equal(OrderState.NeverSent, row.State);
        }
    }

    [Fact]
    public async Task AnUnknownOrder_ThatNobodyFollows_IsFoundAtTheVenue()
    {
        await using var world = await World.StartAsync(ShortWindow, LookSoon);
        var first = await AdmitAsync(world, "alice");
        await World.EndedAsync(() => world.Ledger.FindOrderAsync(first.Id, CancellationToken.None));

        // What the venue tells of it comes before the ledger knows it, and is of no use to anybody.
        var told = world.Fault.Told;
        world.PlacePast("bob", "AAPL", "left-bob");
        await World.UntilAsync(() => world.Fault.Told > told);
        var order = await AdmitAsync(world, "bob");
        await world.Ledger.RecordAsync([new(order.Id, OrderState.Unknown, order.AdmittedAt)], CancellationToken.None);

        await World.UntilAsync(() => StateOf(world, order) == OrderState.Open);
    }

    [Fact]
    public async Task AGrainThatEnds_HandsOverWhatTheLedgerCouldNotTake()
    {
        await using var world = await World.StartAsync(("Orders:PollEvery", "00:05:00"), ("Orders:UnclearFor", "00:05:00"));
        var order = await world.PlaceAsync(World.Resting("alice"));
        world.Fault.Set(LedgerTrouble.LosesAdmissions);
        var told = world.Fault.Told;
        await world.User("alice").CancelAsync(order.Id, CancellationToken.None);
        await World.UntilAsync(() => world.Fault.Told >= told + 2); // The answer to the cancel, and the venue's notice.
        Assert.Equal(OrderState.Open, StateOf(world, order));
        world.Fault.Set(LedgerTrouble.None);

        await world.EndAsync();

        Assert.Equal(OrderState.Cancelled, StateOf(world, order));
    }

    [Fact]
    public async Task ARestingOrder_ThatNobodyPollsFor_IsPolledForAgain_WhereTheVenueDoesNotTell()
    {
        await using var world = await World.StartAsync(World.Polled, ShortWindow, ("Orders:FollowEvery", "00:00:00.300"), ("Orders:UnclearFor", "00:05:00"));
        foreach (var user in new[] { "alice", "bob" })
        {
            world.PlacePast(user, "AAPL", $"left-{user}");
            var order = await AdmitAsync(world, user);
            await world.Ledger.RecordAsync([new(order.Id, OrderState.Open, order.AdmittedAt)], CancellationToken.None);
            world.Market.Cancel(AccountId.Parse(user), Assert.Single(world.OpenAtVenue(user)).VenueOrderId.ToString());
            var row = await World.EndedAsync(() => world.Ledger.FindOrderAsync(order.Id, CancellationToken.None));
            Assert.Equal(OrderState.Cancelled, row.State);
        }
    }

    private static OrderState? StateOf(World world, Order order) => world.Ledger.FindOrderAsync(order.Id, CancellationToken.None).AsTask().Result?.State;

    private static async Task<Order> AdmitAsync(World world, string user)
    {
        var answer = await world.Ledger.AdmitAsync(
            new(OrderId.Parse($"left-{user}"), World.Resting(user), AccountId.Parse(user), TimeProvider.System.GetUtcNow()), CancellationToken.None);
        return Assert.IsType<AdmitAnswer.Admitted>(answer).Order;
    }
}
