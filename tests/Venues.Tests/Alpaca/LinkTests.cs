using EmergencyStop.Venues.Simulated;

namespace EmergencyStop.Venues.Tests.Alpaca;

/// <summary>F26: a link is judged by its answers, never by its sockets.</summary>
public sealed class LinkTests(VenueProcess process) : IClassFixture<VenueProcess>, IDisposable
{
    public void Dispose() => process.Faults.Change(_ => FaultSettings.None);

    [Fact]
    public async Task F26_HalfOpenLink_IsSilentNotUp()
    {
        var venue = Open();
        Assert.Equal("unknown", venue.Health.State);
        await venue.ClockAsync(VenueProcess.Alice, default);
        Assert.Equal("up", venue.Health.State);
        var heard = venue.Health.LastAnswerAt;
        Assert.NotNull(heard);

        process.Faults.Change(f => f with { Silent = true });
        var reading = await venue.ClockAsync(VenueProcess.Alice, default);
        Assert.Equal(VenuePhase.Acknowledge, Assert.IsType<Reading<MarketClock>.Unreadable>(reading).Phase);
        Assert.Equal(("silent", heard), (venue.Health.State, venue.Health.LastAnswerAt));
        Assert.Equal(["alice"], venue.Health.Accounts.Select(a => a.Account.Value));

        process.Faults.Change(_ => FaultSettings.None);
        await venue.ClockAsync(VenueProcess.Alice, default);
        Assert.Equal("up", venue.Health.State);
    }

    [Fact]
    public async Task F26_SilenceOfOneAccount_IsNamed_AndSaysNothingOfTheOthers()
    {
        var venue = Open();
        process.Faults.Change(f => f with { Silent = true, OnlyAccount = VenueProcess.Bob });
        await venue.ClockAsync(VenueProcess.Bob, default);
        Assert.IsType<Reading<MarketClock>.Value>(await venue.ClockAsync(VenueProcess.Alice, default));
        Assert.Equal(("silent", "bob"), (venue.Health.State, venue.Health.Accounts.Single().Account.Value));
    }

    [Fact]
    public async Task F26_ResetConnection_IsDownNotSilent()
    {
        var venue = Open();
        process.Faults.Change(f => f with { Down = true });
        await venue.ClockAsync(VenueProcess.Alice, default);
        Assert.Equal("down", venue.Health.State);
    }

    [Fact]
    public async Task F26_LinkThatNobodyAsks_IsUnknownAfterAWhile()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var health = new EmergencyStop.Venues.Alpaca.LinkHealth(
            time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, "v", TimeSpan.FromSeconds(30));
        health.Ask(VenueProcess.Alice);
        health.See(VenueProcess.Alice, new(200, [], VenuePhase.Answer, string.Empty));
        Assert.Equal("up", health.Now.State);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("unknown", health.Now.State);
        health.Ask(VenueProcess.Alice);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("silent", health.Now.State);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task F24_ClosedMarket_IsSaidByTheVenuesClock_AndRefusesOrPostponesCancels()
    {
        var venue = Open();
        var opens = DateTimeOffset.UtcNow.AddHours(3);
        var order = process.Market.Place(new(VenueProcess.Alice, "c1", MarketBench.Aapl, OrderSide.Buy, OrderType.Limit, 1, LimitPrice: 50)).Order!;
        var id = order.VenueOrderId.ToString();
        try
        {
            await process.JsonAsync(HttpMethod.Put, "/simulator/market", new { open = false, next_open = opens, cancels = "refused" }, key: null);
            var clock = Assert.IsType<Reading<MarketClock>.Value>(await venue.ClockAsync(VenueProcess.Alice, default)).Is;
            Assert.False(clock.IsOpen);
            Assert.Equal(opens, clock.ClosedUntil(MarketBench.Aapl)!.Value, TimeSpan.FromMilliseconds(1));
            Assert.Null(clock.ClosedUntil(Symbol.Parse("BTC-USD")));
            Assert.IsType<CancelOutcome.NotCancelable>(await venue.CancelAsync(VenueProcess.Alice, OrderId.Parse("c1"), id, default));

            await process.JsonAsync(HttpMethod.Put, "/simulator/market", new { open = false, next_open = opens }, key: null);
            Assert.IsType<CancelOutcome.Accepted>(await venue.CancelAsync(VenueProcess.Alice, OrderId.Parse("c1"), id, default));
            Assert.Equal(SimulatedStatus.PendingCancel, process.Market.Find(VenueProcess.Alice, id)!.Status);
        }
        finally
        {
            await process.JsonAsync(HttpMethod.Put, "/simulator/market", new { open = true }, key: null);
        }

        Assert.Equal(SimulatedStatus.Canceled, process.Market.Find(VenueProcess.Alice, id)!.Status);
    }

    [Fact]
    public async Task F4_MassCancel_CanLeaveOutAClass_AsAFault()
    {
        var account = AccountId.Parse("classes");
        var venue = Open();
        process.Market.Place(new(account, "limit", MarketBench.Aapl, OrderSide.Buy, OrderType.Limit, 1, LimitPrice: 50));
        process.Market.Place(new(account, "stop", MarketBench.Aapl, OrderSide.Buy, OrderType.Stop, 1, Trigger: new(150)));
        await process.JsonAsync(HttpMethod.Put, "/simulator/faults", new { mass_cancel_leaves = "stop" }, key: null);
        Assert.Equal(1, Assert.IsType<MassCancelOutcome.Answered>(await venue.CancelAllAsync(account, new TestPermit(), default)).Asked);
        Assert.Equal("stop", Assert.Single(process.Market.OpenOrders(account)).Request.ClientOrderId);
    }

    [Fact]
    public async Task Fault_FillOnCancel_FillsBeforeTheCancelArrives()
    {
        var account = AccountId.Parse("racer");
        var venue = Open();
        var order = process.Market.Place(new(account, "race", MarketBench.Aapl, OrderSide.Buy, OrderType.Limit, 3, LimitPrice: 50)).Order!;
        await process.JsonAsync(HttpMethod.Put, "/simulator/faults", new { fill_on_cancel = 1 }, key: null);
        Assert.IsType<CancelOutcome.NotCancelable>(await venue.CancelAsync(account, OrderId.Parse("race"), order.VenueOrderId.ToString(), default));
        Assert.Equal(SimulatedStatus.Filled, process.Market.Find(account, order.VenueOrderId.ToString())!.Status);
        Assert.Equal(3m, process.Market.Positions(account).Single().Quantity);
    }

    private EmergencyStop.Venues.Alpaca.AlpacaVenue Open() => process.Open(options =>
        (options.Retries, options.AttemptTimeout, options.CallTimeout) = (0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
}
