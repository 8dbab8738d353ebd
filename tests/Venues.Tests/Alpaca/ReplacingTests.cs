using EmergencyStop.Venues.Alpaca;
using static EmergencyStop.Venues.Tests.Simulated.MarketBench;

namespace EmergencyStop.Venues.Tests.Alpaca;

public sealed class ReplacingTests(VenueProcess process) : IClassFixture<VenueProcess>, IDisposable
{
    public void Dispose() => process.Faults.Change(_ => FaultSettings.None);

    [Fact]
    public async Task Replace_GivesTheNewOrderOurId_AndLeadsFromTheOldToIt()
    {
        var venue = process.Open();
        var (old, resting) = await RestAsync(venue, "r1");

        var report = Assert.IsType<PlaceOutcome.Accepted>(await venue.ReplaceAsync(Next(old, resting, "r1-next"), new TestPermit(), default)).Report;

        Assert.Equal(("r1-next", OrderState.Open, 7m), (report.ClientOrderId, report.State, report.Quantity));
        var found = await venue.FindOrdersAsync(old.Account, [old.Id, OrderId.Parse("r1-next")], default);
        Assert.All(found.Values, f => Assert.Equal("r1-next", Assert.IsType<Reading<VenueOrderReport>.Value>(f).Is.ClientOrderId));
    }

    [Fact]
    public async Task Replace_OfACancelledOrder_IsRejected()
    {
        var venue = process.Open();
        var (old, resting) = await RestAsync(venue, "r2");
        await venue.CancelAsync(old.Account, old.Id, resting, default);
        Assert.IsType<PlaceOutcome.Rejected>(await venue.ReplaceAsync(Next(old, resting, "r2-next"), new TestPermit(), default));
    }

    [Fact]
    public async Task Replace_WhoseAnswerIsLost_IsUnknown_AndApplied()
    {
        var venue = process.Open();
        var (old, resting) = await RestAsync(venue, "r3");
        process.Faults.Change(f => f with { LoseAnswers = 1 });
        Assert.IsType<PlaceOutcome.Unknown>(await venue.ReplaceAsync(Next(old, resting, "r3-next"), new TestPermit(), default));
        Assert.NotNull(process.Market.FindByClientId(old.Account, "r3-next"));
    }

    [Fact]
    public async Task Replace_WhosePermitIsRefused_WritesNothing()
    {
        var venue = process.Open();
        var (old, resting) = await RestAsync(venue, "r4");
        Assert.IsType<PlaceOutcome.NotSent>(await venue.ReplaceAsync(Next(old, resting, "r4-next"), new TestPermit("no"), default));
        Assert.Null(process.Market.FindByClientId(old.Account, "r4-next"));
    }

    private static async Task<(VenueOrder Order, string VenueOrderId)> RestAsync(AlpacaVenue venue, string id)
    {
        var order = Order(id, OrderSide.Buy, 10, 90, account: id);
        return (order, Assert.IsType<PlaceOutcome.Accepted>(await venue.PlaceAsync(order, new TestPermit(), default)).Report.VenueOrderId);
    }

    private static VenueReplacement Next(VenueOrder old, string venueOrderId, string id) =>
        new(old with { Id = OrderId.Parse(id), Terms = old.Terms with { Quantity = 7 } }, venueOrderId, old.Terms);
}
