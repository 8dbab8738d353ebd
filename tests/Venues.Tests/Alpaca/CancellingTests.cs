namespace EmergencyStop.Venues.Tests.Alpaca;

public sealed class CancellingTests(VenueProcess process) : IClassFixture<VenueProcess>, IDisposable
{
    public void Dispose() => process.Faults.Change(_ => FaultSettings.None);

    [Fact]
    public async Task Cancel_ByVenueId_IsAcceptedAndThenFoundCancelled()
    {
        var venue = process.Open();
        var report = await RestAsync(venue, "c1", "cancel-one");

        var outcome = await venue.CancelAsync(report.Account, OrderId.Parse("c1"), report.VenueOrderId, default);

        Assert.IsType<CancelOutcome.Accepted>(outcome);
        var found = await venue.FindOrdersAsync(report.Account, [OrderId.Parse("c1")], default);
        Assert.Equal(OrderState.Cancelled, Value(found[OrderId.Parse("c1")]).State);
    }

    [Fact]
    public async Task Cancel_WithoutVenueId_FindsTheOrder()
    {
        var venue = process.Open();
        var report = await RestAsync(venue, "c1", "cancel-by-client-id");

        Assert.IsType<CancelOutcome.Accepted>(await venue.CancelAsync(report.Account, OrderId.Parse("c1"), null, default));
        Assert.Empty(process.Market.OpenOrders(report.Account));

        // Once more: its end is seen on the way, and is evidence.
        var again = await venue.CancelAsync(report.Account, OrderId.Parse("c1"), null, default);
        Assert.Equal(OrderState.Cancelled, Assert.IsType<CancelOutcome.Reported>(again).Report.State);
    }

    [Fact]
    public async Task Cancel_OfEndedOrder_IsNotCancelable()
    {
        var venue = process.Open();
        var report = await RestAsync(venue, "c1", "cancel-ended");
        process.Market.Cancel(report.Account, report.VenueOrderId);

        Assert.IsType<CancelOutcome.NotCancelable>(await venue.CancelAsync(report.Account, OrderId.Parse("c1"), report.VenueOrderId, default));
    }

    [Fact]
    public async Task Cancel_OfUnknownOrder_IsNotFound()
    {
        var venue = process.Open();

        Assert.IsType<CancelOutcome.NotFound>(await venue.CancelAsync(VenueProcess.Alice, OrderId.Parse("nobody"), null, default));
        Assert.IsType<CancelOutcome.NotFound>(
            await venue.CancelAsync(VenueProcess.Alice, OrderId.Parse("nobody"), "00000000-0000-0000-0000-000000000001", default));
    }

    [Fact]
    public async Task Cancel_OfSomebodyElsesOrder_IsNotFound()
    {
        var venue = process.Open();
        var report = await RestAsync(venue, "c1", "cancel-mine");

        Assert.IsType<CancelOutcome.NotFound>(await venue.CancelAsync(VenueProcess.Bob, OrderId.Parse("c1"), report.VenueOrderId, default));
        Assert.Single(process.Market.OpenOrders(report.Account));
    }

    [Fact]
    public async Task F2_MassCancel_LeavesOtherAccountsAlone()
    {
        var venue = process.Open();
        await RestAsync(venue, "m1", "mass-a");
        await RestAsync(venue, "m2", "mass-a");
        await RestAsync(venue, "m3", "mass-b");

        var outcome = await venue.CancelAllAsync(AccountId.Parse("mass-a"), new TestPermit(), default);

        Assert.Equal(new MassCancelOutcome.Answered(2, 0), outcome);
        Assert.Empty(process.Market.OpenOrders(AccountId.Parse("mass-a")));
        Assert.Single(process.Market.OpenOrders(AccountId.Parse("mass-b")));
    }

    [Fact]
    public async Task F3_CancelWithoutAnswer_IsUnknown()
    {
        await using var silent = await CannedVenue.StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        var venue = process.OpenAt(silent.Url, options => (options.CallTimeout, options.AttemptTimeout) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)));

        var outcome = await venue.CancelAsync(VenueProcess.Alice, OrderId.Parse("c1"), "00000000-0000-0000-0000-000000000001", default);

        Assert.Equal(VenuePhase.Acknowledge, Assert.IsType<CancelOutcome.Unknown>(outcome).Phase);
    }

    [Fact]
    public async Task Cancel_WhenAnswersAreLost_IsTriedAgainAndTheVenueSaysSo()
    {
        var venue = process.Open();
        var report = await RestAsync(venue, "c1", "lost-cancel");
        process.Faults.Change(_ => new() { LoseAnswers = 0.5 });

        // The first attempt may take effect unheard; a later one is then told that there is nothing to cancel.
        for (var n = 0; n < 20 && process.Market.OpenOrders(report.Account).Length > 0; n++)
        {
            await venue.CancelAsync(report.Account, OrderId.Parse("c1"), report.VenueOrderId, default);
        }

        Assert.Empty(process.Market.OpenOrders(report.Account));
    }

    [Fact]
    public async Task MassCancel_WhenAnswerIsLost_IsUnknownAndNotRepeated()
    {
        var venue = process.Open();
        await RestAsync(venue, "m1", "mass-lost");
        process.Faults.Change(_ => new() { LoseAnswers = 1 });

        var outcome = await venue.CancelAllAsync(AccountId.Parse("mass-lost"), new TestPermit(), default);

        Assert.Equal(VenuePhase.Acknowledge, Assert.IsType<MassCancelOutcome.Unknown>(outcome).Phase);
    }

    [Fact]
    public async Task Cancel_WithLateAcknowledgement_IsPendingAndOpenUntilThen()
    {
        var venue = process.Open();
        var report = await RestAsync(venue, "c1", "late-cancel");
        process.Faults.Change(_ => new() { LateAcknowledgement = TimeSpan.FromMilliseconds(300) });

        Assert.IsType<CancelOutcome.Accepted>(await venue.CancelAsync(report.Account, OrderId.Parse("c1"), report.VenueOrderId, default));

        Assert.Equal(SimulatedStatus.PendingCancel, process.Market.FindByClientId(report.Account, "c1")?.Status);
        Assert.Single(Value(await venue.OpenOrdersAsync(report.Account, default)));
        await Until(() => process.Market.OpenOrders(report.Account).IsEmpty);
    }

    private static async Task<VenueOrderReport> RestAsync(EmergencyStop.Venues.Alpaca.AlpacaVenue venue, string id, string account) =>
        Assert.IsType<PlaceOutcome.Accepted>(
            await venue.PlaceAsync(MarketBench.Order(id, OrderSide.Buy, 1, 90, account), new TestPermit(), default)).Report;
}
