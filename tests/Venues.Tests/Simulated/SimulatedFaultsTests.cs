using System.Collections.Immutable;
using static EmergencyStop.Venues.Tests.Simulated.MarketBench;

namespace EmergencyStop.Venues.Tests.Simulated;

/// <summary>The faults of the venue in process, on a clock that the test owns.</summary>
public sealed class SimulatedFaultsTests
{
    private readonly MarketBench _bench = new();

    [Fact]
    public async Task Down_PlacesNothingReadsNothingAndAsksNoPermit()
    {
        var permit = new TestPermit();
        Dial(new() { Down = true });

        Assert.Equal(VenuePhase.Connect, Assert.IsType<PlaceOutcome.NotSent>(await PlaceAsync("o1", permit)).Phase);
        Assert.Equal(0, permit.Asked);
        Assert.IsType<Reading<ImmutableArray<VenueOrderReport>>.Unreadable>(await _bench.Venue.OpenOrdersAsync(Alice, default));
        Assert.IsType<CancelOutcome.Unknown>(await _bench.Venue.CancelAsync(Alice, OrderId.Parse("o1"), null, default));
        Assert.IsType<MassCancelOutcome.NotSent>(await _bench.Venue.CancelAllAsync(Alice, new TestPermit(), default));
        Assert.Equal("down", _bench.Venue.Health.State);
    }

    [Fact]
    public async Task Down_HoldsUpdatesBackUntilItIsUpAgain()
    {
        var told = new Told();
        _bench.Venue.Subscribe(told);
        var order = _bench.Place(Alice, OrderSide.Buy, 1, 95);
        Dial(new() { Down = true });
        _bench.Market.SetPrice(Aapl, 90);
        Assert.Equal([OrderState.Open], told.States);

        Dial(FaultSettings.None);
        Assert.Equal([OrderState.Open, OrderState.Filled], told.States);
        Assert.Equal(SimulatedStatus.Filled, _bench.Now(order).Status);
    }

    [Fact]
    public async Task LostAnswer_IsUnknownAndTookEffect()
    {
        Dial(new() { LoseAnswers = 1 });

        Assert.Equal(VenuePhase.Acknowledge, Assert.IsType<PlaceOutcome.Unknown>(await PlaceAsync("o1")).Phase);
        Assert.Single(_bench.Market.OpenOrders(Alice));
        Assert.IsType<MassCancelOutcome.Unknown>(await _bench.Venue.CancelAllAsync(Alice, new TestPermit(), default));
        Assert.Empty(_bench.Market.OpenOrders(Alice));
        Assert.IsType<Reading<ImmutableArray<VenuePosition>>.Unreadable>(await _bench.Venue.PositionsAsync(Alice, default));
    }

    [Fact]
    public async Task LateAcknowledgement_HidesTheOrderButHoldsItsId()
    {
        Dial(new() { LateAcknowledgement = TimeSpan.FromSeconds(10) });
        using var window = new CancellationTokenSource();
        var placing = PlaceAsync("o1", new TestPermit(windowEnd: window.Token));
        await window.CancelAsync();

        Assert.IsType<PlaceOutcome.Unknown>(await placing);
        var id = OrderId.Parse("o1");
        Assert.IsType<Reading<VenueOrderReport>.Absent>((await _bench.Venue.FindOrdersAsync(Alice, [id], default))[id]);
        Assert.IsType<CancelOutcome.NotFound>(await _bench.Venue.CancelAsync(Alice, id, null, default));
        Assert.IsType<PlaceOutcome.Unknown>(await PlaceAsync("o1"));

        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(OrderState.Open, Value((await _bench.Venue.FindOrdersAsync(Alice, [id], default))[id]).State);
        Assert.Single(_bench.Market.Orders(Alice));
    }

    [Fact]
    public async Task LateAcknowledgement_OfACancel_LetsTheOrderTradeUntilThen()
    {
        await PlaceAsync("o1", limit: 95);
        await PlaceAsync("o2", limit: 50);
        Dial(new() { LateAcknowledgement = TimeSpan.FromSeconds(10) });

        Assert.IsType<CancelOutcome.Accepted>(await _bench.Venue.CancelAsync(Alice, OrderId.Parse("o1"), null, default));
        Assert.IsType<CancelOutcome.Accepted>(await _bench.Venue.CancelAsync(Alice, OrderId.Parse("o2"), null, default));
        _bench.Market.SetPrice(Aapl, 90);
        _bench.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(SimulatedStatus.Filled, _bench.Market.FindByClientId(Alice, "o1")?.Status);
        Assert.Equal(SimulatedStatus.Canceled, _bench.Market.FindByClientId(Alice, "o2")?.Status);
    }

    [Fact]
    public async Task Latency_TakesEffectHalfwayWhetherOrNotAnybodyWaits()
    {
        Dial(new() { Latency = TimeSpan.FromSeconds(4) });
        using var window = new CancellationTokenSource();
        var placing = PlaceAsync("o1", new TestPermit(windowEnd: window.Token));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_bench.Market.Orders(Alice));
        await window.CancelAsync();
        Assert.IsType<PlaceOutcome.Unknown>(await placing);

        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_bench.Market.Orders(Alice));
    }

    [Fact]
    public async Task Latency_AnswersAfterTheWholeWay()
    {
        Dial(new() { Latency = TimeSpan.FromSeconds(4) });
        var placing = PlaceAsync("o1");

        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(placing.IsCompleted);
        await Until(() =>
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
            return placing.IsCompleted;
        });
        Assert.IsType<PlaceOutcome.Accepted>(await placing);
    }

    [Fact]
    public async Task RateLimit_IsPerAccountAndSecond()
    {
        Dial(new() { RateLimitPerSecond = 2 });

        Assert.IsType<PlaceOutcome.Accepted>(await PlaceAsync("o1"));
        Assert.IsType<PlaceOutcome.Accepted>(await PlaceAsync("o2"));
        Assert.Equal("429", Assert.IsType<PlaceOutcome.Rejected>(await PlaceAsync("o3")).Code);
        Assert.IsType<Reading<ImmutableArray<VenuePosition>>.Value>(await _bench.Venue.PositionsAsync(Bob, default));

        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<PlaceOutcome.Accepted>(await PlaceAsync("o3"));
    }

    [Fact]
    public async Task Reject_RefusesOrdersAndLeavesCancelsAlone()
    {
        await PlaceAsync("o1");
        Dial(new() { Reject = 1 });

        Assert.IsType<PlaceOutcome.Rejected>(await PlaceAsync("o2"));
        Assert.IsType<CancelOutcome.Reported>(await _bench.Venue.CancelAsync(Alice, OrderId.Parse("o1"), null, default));
    }

    [Fact]
    public async Task F2_MassCancel_LeavesOtherAccountsAlone()
    {
        await PlaceAsync("o1");
        _bench.Place(Bob, OrderSide.Buy, 1, 90);

        Assert.Equal(new MassCancelOutcome.Answered(1, 0), await _bench.Venue.CancelAllAsync(Alice, new TestPermit(), default));
        Assert.Single(_bench.Market.OpenOrders(Bob));
        Assert.Empty(_bench.Market.OpenOrders(Alice));
    }

    [Fact]
    public async Task MassCancel_WhosePermitIsRefused_IsNotSent()
    {
        await PlaceAsync("o1");
        Assert.Equal("no", Assert.IsType<MassCancelOutcome.NotSent>(await _bench.Venue.CancelAllAsync(Alice, new TestPermit("no"), default)).Reason);
        Assert.Single(_bench.Market.OpenOrders(Alice));
    }

    [Fact]
    public async Task MassCancel_OnItsWayAtTheWindowsEnd_IsResetAndHitsNothing()
    {
        await PlaceAsync("o1");
        Dial(new() { Latency = TimeSpan.FromSeconds(4) });
        using var window = new CancellationTokenSource();
        var cancelling = _bench.Venue.CancelAllAsync(Alice, new TestPermit(windowEnd: window.Token), default).AsTask();
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await window.CancelAsync();
        Assert.IsType<MassCancelOutcome.Unknown>(await cancelling);

        _bench.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Single(_bench.Market.OpenOrders(Alice));
    }

    [Fact]
    public async Task FindOrders_FollowsReplacements()
    {
        await PlaceAsync("o1");
        var first = _bench.Market.OpenOrders(Alice)[0];
        var (second, _) = _bench.Market.Replace(Alice, first.VenueOrderId.ToString(), new(LimitPrice: 80));

        var id = OrderId.Parse("o1");
        Assert.Equal(second?.VenueOrderId.ToString(), Value((await _bench.Venue.FindOrdersAsync(Alice, [id], default))[id]).VenueOrderId);
    }

    private void Dial(FaultSettings faults) => _bench.Faults.Change(_ => faults);

    private Task<PlaceOutcome> PlaceAsync(string id, TestPermit? permit = null, decimal limit = 90) =>
        _bench.Venue.PlaceAsync(Order(id, OrderSide.Buy, 1, limit), permit ?? new TestPermit(), default).AsTask();

    private sealed class Told : IVenueObserver
    {
        public List<OrderState> States { get; } = [];

        public void OnOrder(VenueOrderReport report) => States.Add(report.State);
    }
}
